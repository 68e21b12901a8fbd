import type { EventFacts } from './event-facts.js'
import type { EventIds } from './event-ids.js'
import type { PackedTexts } from './packed-texts.js'
import type { Parties, Speaker } from './spoken-of.js'

/** What {@link FactColumns.flags} says of an event. */
export const TOOL_CALL = 1
export const ERROR = 2
export const MISSING_TOOL = 4
/** There is no other event. */
export const NONE = -1

/** Facts of events, by their numbers. */
export interface FactColumns {
  readonly room: number
  /** The next event of the same strand. */
  readonly next: Int32Array
  /** Start and end. */
  readonly times: BigInt64Array
  /** The same, in halves. */
  readonly words: Uint32Array
  readonly flags: Uint8Array
  readonly tools: string[]
  readonly speakers: (Speaker | undefined)[]
}

export function factColumns(room: number): FactColumns {
  const times = new BigInt64Array(room * 2)
  return {
    room,
    next: new Int32Array(room),
    times,
    words: new Uint32Array(times.buffer),
    flags: new Uint8Array(room),
    tools: Array<string>(room).fill(''),
    speakers: Array<undefined>(room).fill(undefined),
  }
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
export function factsFrom(columns: FactColumns, ids: EventIds, intents: PackedTexts, first: number): EventFacts[] {
  const events: EventFacts[] = []
  const { next } = columns
  for (let at = first; at !== NONE; at = next[at] as number) events.push(new FactsAt(columns, ids, intents, at))
  return events
}

/** Of one event, while it is looked at. */
class FactsAt implements EventFacts {
  readonly #ids: EventIds
  readonly intents: PackedTexts
  readonly #at: number
  #id: string | undefined = undefined
  readonly mark: number
  readonly start: bigint
  readonly end: bigint
  readonly about: number
  readonly fromSecond: number
  readonly toSecond: number
  readonly isToolCall: boolean
  readonly isError: boolean
  readonly isMissingTool: boolean
  readonly tool: string
  readonly parties: Parties

  constructor(columns: FactColumns, ids: EventIds, intents: PackedTexts, at: number) {
    this.#ids = ids
    this.intents = intents
    this.#at = at
    this.mark = ids.mark(at)
    this.start = columns.times[at * 2] as bigint
    this.end = columns.times[at * 2 + 1] as bigint
    this.about = double(columns.words, at * 4)
    this.fromSecond = Math.max(0, Math.floor(this.about / 1e9 - INEXACT))
    this.toSecond = Math.floor(double(columns.words, at * 4 + 2) / 1e9 + INEXACT) + 1
    const flags = columns.flags[at] as number
    this.isToolCall = (flags & TOOL_CALL) !== 0
    this.isError = (flags & ERROR) !== 0
    this.isMissingTool = (flags & MISSING_TOOL) !== 0
    this.tool = columns.tools[at] as string
    this.parties = (columns.speakers[at] as Speaker).parties
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

/** Of 64 bits that are not negative. */
function double(words: Uint32Array, at: number): number {
  return (words[at + 1] as number) * 2 ** 32 + (words[at] as number)
}
