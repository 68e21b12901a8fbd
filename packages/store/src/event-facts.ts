import { EventIds } from './event-ids.js'
import type { FactColumns } from './fact-columns.js'
import { ERROR, factColumns, factsFrom, FactsInTurn, grown, MISSING_TOOL, NONE, TOOL_CALL } from './fact-columns.js'
import { PackedTexts } from './packed-texts.js'
import type { Parties, Spoken, SpokenEvent, StrandOfEvents } from './spoken-of.js'
import { SpokenOf } from './spoken-of.js'

/** An event as it is read: of its columns, those that sessions are made of. */
export interface ReadEvent extends SpokenEvent {
  readonly eventId: string
  pushIdTo(ids: EventIds): void
  pushIntentTo(intents: PackedTexts): void
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
  /** Few ask for it. */
  readonly intent: string
  /** Where it is, among others. */
  readonly intents: PackedTexts
  readonly intentStart: number
  readonly intentEnd: number
  /** The same object for events that are near and say the same. */
  readonly parties: Parties
}

/** The events of a batch that share a strand. */
export interface StrandFacts {
  readonly known: StrandOfEvents
  /** By number, the first of them. */
  readonly first: number
}

/** What sessions say of the events of a batch, by their strands. */
export interface Facts {
  /** Events. */
  readonly count: number
  readonly intents: PackedTexts
  /** Each once, unless it was read as several objects, or another store reads the same events. */
  strands(): readonly StrandFacts[]
  /** The events of a strand, in the order in which they came. */
  eventsOf(strand: StrandFacts): EventFacts[]
  /** The same, for whoever keeps none of them; until they are asked for again. */
  inTurn(strand: StrandFacts): FactsInTurn
}

/**
 * Facts of events as they are read. They wait until the events are on disk, and there are many: so they are kept in
 * columns, not in an object for each event, which would have to be copied while it waits. Not to be looked at
 * after {@link clear}.
 */
export class BatchFacts implements Facts {
  #count = 0
  #columns = factColumns(FEW)
  readonly #ids = new EventIds()
  readonly #intents = new PackedTexts()
  readonly #spoken: SpokenOf
  #batch: number
  #strands: StrandFacts[] = []

  /** @param spoken what is remembered from one batch to the next. */
  constructor(spoken: SpokenOf = new SpokenOf()) {
    this.#spoken = spoken
    this.#batch = spoken.nextBatch()
  }

  get count(): number {
    return this.#count
  }

  get ids(): EventIds {
    return this.#ids
  }

  get intents(): PackedTexts {
    return this.#intents
  }

  /** Those of {@link count} events, and room for more. */
  get columns(): FactColumns {
    return this.#columns
  }

  /**
   * Adds an event; of what holds its content, nothing is held.
   *
   * @param spoken of the event, by what is remembered.
   */
  push(event: ReadEvent, spoken: Spoken = this.#spoken.by(event)): void {
    const at = this.#count
    if (at === this.#columns.room) this.#columns = grown(this.#columns)
    this.#count = at + 1
    const columns = this.#columns
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
    columns.speakers[at] = spoken.speaker
    event.pushIdTo(this.#ids)
    event.pushIntentTo(this.#intents)
  }

  strands(): readonly StrandFacts[] {
    return this.#strands
  }

  eventsOf({ first }: StrandFacts): EventFacts[] {
    return factsFrom(this.#columns, this.#ids, this.#intents, first)
  }

  inTurn({ first }: StrandFacts): FactsInTurn {
    return new FactsInTurn(this.#columns, this.#ids, this.#intents).from(first)
  }

  /** Starts anew; what holds the facts is kept for the next batch, unless they were uncommonly many. */
  clear(): void {
    this.#strands = []
    this.#batch = this.#spoken.nextBatch()
    this.#ids.clear()
    this.#intents.clear()
    if (this.#columns.room > MANY) this.#columns = factColumns(FEW)
    else {
      const { tools, speakers } = this.#columns
      tools.fill('', 0, this.#count)
      speakers.fill(undefined, 0, this.#count)
    }
    this.#count = 0
  }
}

/** Events that there is room for at first, and that room is kept for. */
const FEW = 1024
const MANY = 65_536
