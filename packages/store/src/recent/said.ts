import type { Parties, Program } from '../spoken-of.js'
import { PROGRAMS } from '../spoken-of.js'

/** When an event was, among others: by start, then by id. */
export interface Moment {
  readonly start: bigint
  readonly eventId: string
}

/** What an event was the first or last to say. */
interface Said<Value> extends Moment {
  readonly value: Value
}

/** Of what a run says the first text that any of its events said. */
type FirstText = 'user_id' | Program
const FIRST_TEXTS: readonly FirstText[] = ['user_id', ...PROGRAMS]

/**
 * What events of a run were the first or last to say, with their moments, so that events can come in any order. What
 * the first event of all says is first anyway, and not kept here: of most runs, nothing is left then.
 */
export class SaidLater {
  readonly #first = new Map<FirstText, Said<Parties>>()
  #intent: Said<string> | undefined = undefined
  #lastUserName: Said<Parties> | undefined = undefined
  #lastTraits: Said<Parties> | undefined = undefined

  /** Adds the parties of an event. */
  hear(value: Parties, { start, eventId }: Moment): void {
    const said = { start, eventId, value }
    for (const column of FIRST_TEXTS) if (value[column] !== '') this.#hearFirst(column, said)
    this.#hearLast(said)
  }

  /** Adds who an event says that the user is by now. */
  hearUser(value: Parties, { start, eventId }: Moment): void {
    this.#hearLast({ start, eventId, value })
  }

  hearIntent(value: string, { start, eventId }: Moment): void {
    this.#intent = earlier(this.#intent, { start, eventId, value })
  }

  addAll(other: SaidLater): void {
    for (const [column, said] of other.#first) this.#hearFirst(column, said)
    this.#intent = earlier(this.#intent, other.#intent)
    this.#lastUserName = later(this.#lastUserName, other.#lastUserName)
    this.#lastTraits = later(this.#lastTraits, other.#lastTraits)
  }

  /** A copy that may be added to. */
  copy(): SaidLater {
    const copy = new SaidLater()
    copy.addAll(this)
    return copy
  }

  first(column: FirstText): string {
    return this.#first.get(column)?.value[column] ?? ''
  }

  get intent(): string {
    return this.#intent?.value ?? ''
  }

  get lastUserName(): string {
    return this.#lastUserName?.value.user_name ?? ''
  }

  get lastTraits(): Parties['user_traits'] {
    return this.#lastTraits?.value.user_traits ?? []
  }

  #hearFirst(column: FirstText, said: Said<Parties>): void {
    const before = this.#first.get(column)
    if (before === undefined || isEarlier(said, before)) this.#first.set(column, said)
  }

  #hearLast(said: Said<Parties>): void {
    if (said.value.user_name !== '') this.#lastUserName = later(this.#lastUserName, said)
    if (said.value.user_traits.length > 0) this.#lastTraits = later(this.#lastTraits, said)
  }
}

/** Whether some of it is said of the user as it is by now. */
export function saysUser({ user_name: name, user_traits: traits }: Parties): boolean {
  return name !== '' || traits.length > 0
}

export function isBefore(moment: Moment, thanStart: bigint, thanEventId: string): boolean {
  return moment.start < thanStart || (moment.start === thanStart && moment.eventId < thanEventId)
}

function isEarlier(a: Moment, b: Moment): boolean {
  return isBefore(a, b.start, b.eventId)
}

function earlier<Of extends Moment>(a: Of | undefined, b: Of | undefined): Of | undefined {
  if (!a) return b
  return b && isEarlier(b, a) ? b : a
}

function later<Of extends Moment>(a: Of | undefined, b: Of | undefined): Of | undefined {
  if (!a) return b
  return b && isEarlier(a, b) ? b : a
}
