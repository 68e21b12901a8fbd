import type { KnownStrand } from '@mcpcat/sessions'
import { EventIds } from './event-ids.js'
import type { Parties, SpokenEvent } from './spoken-of.js'
import { SpokenOf } from './spoken-of.js'

/** An event as it is read: of its columns, those that sessions are made of. */
export interface ReadEvent extends SpokenEvent {
  readonly eventId: string
  /** Nanoseconds, within what the engine's times can hold. */
  readonly start: bigint
  readonly end: bigint
  readonly method: string
  readonly target: string
  readonly is_error: boolean
  readonly is_missing_tool: boolean
  readonly intent: string
}

/** What sessions say of one event. */
export interface EventFacts {
  /** Few ask for it: it is text when they do. */
  readonly eventId: string
  /** Stands for the id, in 32 bits of what ends it, where ids differ. */
  readonly mark: number
  /** Nanoseconds, within what the engine's times can hold. */
  readonly start: bigint
  readonly end: bigint
  /** The start as a double: starts that are further apart than two microseconds differ in it. */
  readonly about: number
  /** Seconds between which the event lies: its end is before the second one, and both may be a little further away. */
  readonly fromSecond: number
  readonly toSecond: number
  readonly isToolCall: boolean
  readonly isError: boolean
  readonly isMissingTool: boolean
  /** Of a tool call, the tool; or empty. */
  readonly tool: string
  readonly intent: string
  /** The same object for events that are near and say the same. */
  readonly parties: Parties
}

/** The events of a batch that share a strand. */
export interface StrandFacts {
  readonly known: KnownStrand
  /** By number, the first of them. */
  readonly first: number
}

/**
 * What sessions say of the events of a batch, by their strands. It waits until the events are on disk,
 * and there are many: so it is kept in columns, not in an object for each event, which would have to be
 * copied while it waits.
 */
export class BatchFacts {
  #count = 0
  #columns = factColumns(FEW)
  readonly #ids = new EventIds()
  readonly #spoken: SpokenOf
  #batch: number
  #strands: StrandFacts[] = []

  /** @param spoken what is remembered from one batch to the next. */
  constructor(spoken: SpokenOf = new SpokenOf()) {
    this.#spoken = spoken
    this.#batch = spoken.nextBatch()
  }

  /** Events. */
  get count(): number {
    return this.#count
  }

  /** Adds an event; of what holds its content, nothing is held. */
  push(event: ReadEvent): void {
    const at = this.#count
    if (at === this.#columns.room) this.#columns = grown(this.#columns)
    this.#count = at + 1
    const columns = this.#columns
    const spoken = this.#spoken.by(event)
    if (spoken.batch === this.#batch) columns.next[spoken.last] = at
    else {
      spoken.batch = this.#batch
      this.#strands.push({ known: event.known, first: at })
    }
    spoken.last = at
    columns.next[at] = NONE
    columns.times[at * 2] = event.start
    columns.times[at * 2 + 1] = event.end
    const isToolCall = event.method === 'tools/call'
    columns.flags[at] =
      (isToolCall ? TOOL_CALL : 0) | (event.is_error ? ERROR : 0) | (event.is_missing_tool ? MISSING_TOOL : 0)
    columns.tools[at] = isToolCall ? event.target : ''
    columns.intents[at] = event.intent
    columns.parties[at] = spoken.parties
    this.#ids.push(event.eventId)
  }

  /** Each once, unless it was read as several objects. */
  strands(): readonly StrandFacts[] {
    return this.#strands
  }

  /** The events of a strand, in the order in which they came; not to be looked at after {@link clear}. */
  eventsOf({ first }: StrandFacts): EventFacts[] {
    const events: EventFacts[] = []
    const { next } = this.#columns
    for (let at = first; at !== NONE; at = next[at] as number) events.push(new FactsAt(this.#columns, this.#ids, at))
    return events
  }

  /** Starts anew; what holds the facts is kept for the next batch, unless they were uncommonly many. */
  clear(): void {
    this.#strands = []
    this.#batch = this.#spoken.nextBatch()
    this.#ids.clear()
    if (this.#columns.room > MANY) this.#columns = factColumns(FEW)
    else {
      const { tools, intents, parties } = this.#columns
      tools.fill('', 0, this.#count)
      intents.fill('', 0, this.#count)
      parties.fill(undefined, 0, this.#count)
    }
    this.#count = 0
  }
}

/** Events that there is room for at first, and that room is kept for. */
const FEW = 1024
const MANY = 65_536

const TOOL_CALL = 1
const ERROR = 2
const MISSING_TOOL = 4
const NONE = -1

/** Facts of events, by their numbers. */
interface FactColumns {
  readonly room: number
  /** The next event of the same strand. */
  readonly next: Int32Array
  /** Start and end. */
  readonly times: BigInt64Array
  /** The same, in halves. */
  readonly words: Uint32Array
  readonly flags: Uint8Array
  readonly tools: string[]
  readonly intents: string[]
  readonly parties: (Parties | undefined)[]
}

function factColumns(room: number): FactColumns {
  const times = new BigInt64Array(room * 2)
  return {
    room,
    next: new Int32Array(room),
    times,
    words: new Uint32Array(times.buffer),
    flags: new Uint8Array(room),
    tools: Array<string>(room).fill(''),
    intents: Array<string>(room).fill(''),
    parties: Array<undefined>(room).fill(undefined),
  }
}

function grown(columns: FactColumns): FactColumns {
  const more = factColumns(columns.room * 2)
  more.next.set(columns.next)
  more.times.set(columns.times)
  more.flags.set(columns.flags)
  for (let at = 0; at < columns.room; at += 1) {
    more.tools[at] = columns.tools[at] as string
    more.intents[at] = columns.intents[at] as string
    more.parties[at] = columns.parties[at]
  }
  return more
}

/** Of one event, while it is looked at. */
class FactsAt implements EventFacts {
  readonly #ids: EventIds
  readonly #at: number
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
  readonly intent: string
  readonly parties: Parties

  constructor(columns: FactColumns, ids: EventIds, at: number) {
    this.#ids = ids
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
    this.intent = columns.intents[at] as string
    this.parties = columns.parties[at] as Parties
  }

  get eventId(): string {
    return this.#ids.text(this.#at)
  }
}

/** Seconds: more than doubles are off by, as far as the engine's times go. */
const INEXACT = 1e-5

/** Of 64 bits that are not negative. */
function double(words: Uint32Array, at: number): number {
  return (words[at + 1] as number) * 2 ** 32 + (words[at] as number)
}
