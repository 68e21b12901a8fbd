import type { EventFacts } from './event-facts.js'
import type { EventIds } from './event-ids.js'
import { doubleOf } from './halves.js'
import type { PackedTexts } from './packed-texts.js'
import type { Parties, Speaker } from './spoken-of.js'

/** What {@link FactColumns.flags} says of an event. */
export const TOOL_CALL = 1
export const ERROR = 2
export const MISSING_TOOL = 4
/** There is no other event. */
export const NONE = -1

/** What is read of facts of events, by their numbers. */
export interface ReadColumns {
  /** The next event of the same strand. */
  readonly next: Int32Array
  /** Start and end. */
  readonly times: BigInt64Array
  /** The same, in halves. */
  readonly words: Uint32Array
  readonly flags: Uint8Array
  tool(at: number): string
  parties(at: number): Parties
}

/** Facts of events, by their numbers. */
export class FactColumns implements ReadColumns {
  readonly room: number
  readonly next: Int32Array
  readonly times: BigInt64Array
  readonly words: Uint32Array
  readonly flags: Uint8Array
  readonly tools: string[]
  readonly speakers: (Speaker | undefined)[]

  constructor(room: number) {
    this.room = room
    this.next = new Int32Array(room)
    this.times = new BigInt64Array(room * 2)
    this.words = new Uint32Array(this.times.buffer)
    this.flags = new Uint8Array(room)
    this.tools = Array<string>(room).fill('')
    this.speakers = Array<undefined>(room).fill(undefined)
  }

  tool(at: number): string {
    return this.tools[at] as string
  }

  parties(at: number): Parties {
    return (this.speakers[at] as Speaker).parties
  }
}

export function factColumns(room: number): FactColumns {
  return new FactColumns(room)
}

export function grown(columns: FactColumns): FactColumns {
  const more = factColumns(columns.room * 2)
  more.next.set(columns.next)
  more.times.set(columns.times)
  more.flags.set(columns.flags)
  for (let at = 0; at < columns.room; at += 1) {
    more.tools[at] = columns.tools[at] as string
    more.speakers[at] = columns.speakers[at]
  }
  return more
}

/** The facts of an event and of those that come after it, of one strand. */
export function factsFrom(columns: ReadColumns, ids: EventIds, intents: PackedTexts, first: number): EventFacts[] {
  const events: EventFacts[] = []
  const { next } = columns
  for (let at = first; at !== NONE; at = next[at] as number) {
    const event = new FactsInTurn(columns, ids, intents).from(at)
    event.next()
    events.push(event)
  }
  return events
}

/** Facts of one event after the other: an object for each would be most of what is garbage when they have been looked at. */
export class FactsInTurn implements EventFacts {
  readonly #columns: ReadColumns
  readonly #ids: EventIds
  readonly intents: PackedTexts
  #at = NONE
  #next = NONE
  #id: string | undefined = undefined
  #start: bigint | undefined = undefined
  mark = 0
  about = 0
  /** Halves of the start and of the end, as signed numbers. */
  startHigh = 0
  startLow = 0
  endHigh = 0
  endLow = 0
  fromSecond = 0
  toSecond = 0

  constructor(columns: ReadColumns, ids: EventIds, intents: PackedTexts) {
    this.#columns = columns
    this.#ids = ids
    this.intents = intents
  }

  /** From this event on, which is looked at after {@link next}, those of its strand. */
  from(first: number): this {
    this.#next = first
    return this
  }

  /** Goes on to the next event; false where there is none. */
  next(): boolean {
    const at = this.#next
    if (at === NONE) return false
    const { next, words } = this.#columns
    this.#at = at
    this.#next = next[at] as number
    this.#id = undefined
    this.#start = undefined
    this.mark = this.#ids.mark(at)
    this.startHigh = (words[at * 4 + 1] as number) | 0
    this.startLow = (words[at * 4] as number) | 0
    this.about = doubleOf(this.startHigh, this.startLow)
    this.endHigh = (words[at * 4 + 3] as number) | 0
    this.endLow = (words[at * 4 + 2] as number) | 0
    this.fromSecond = Math.max(0, Math.floor(this.about / 1e9 - INEXACT))
    this.toSecond = Math.floor(doubleOf(this.endHigh, this.endLow) / 1e9 + INEXACT) + 1
    return true
  }

  get start(): bigint {
    // Whoever keeps it keeps the same object.
    return (this.#start ??= this.#columns.times[this.#at * 2] as bigint)
  }

  get end(): bigint {
    return this.#columns.times[this.#at * 2 + 1] as bigint
  }

  get isToolCall(): boolean {
    return ((this.#columns.flags[this.#at] as number) & TOOL_CALL) !== 0
  }

  get isError(): boolean {
    return ((this.#columns.flags[this.#at] as number) & ERROR) !== 0
  }

  get isMissingTool(): boolean {
    return ((this.#columns.flags[this.#at] as number) & MISSING_TOOL) !== 0
  }

  get tool(): string {
    return this.#columns.tool(this.#at)
  }

  get parties(): Parties {
    return this.#columns.parties(this.#at)
  }

  get intentStart(): number {
    return this.intents.start(this.#at)
  }

  get intentEnd(): number {
    return this.intents.end(this.#at)
  }

  get intent(): string {
    return this.intents.text(this.#at)
  }

  get eventId(): string {
    // Whoever keeps it keeps the same text.
    return (this.#id ??= this.#ids.text(this.#at))
  }
}

/** Seconds: more than doubles are off by, as far as the engine's times go. */
const INEXACT = 1e-5
