import type { KnownStrand } from '@mcpcat/sessions'
import { EventIds } from './event-ids.js'
import type { Pairs } from './native/maps.js'

/** Columns of `events` that say who takes part; absent text is empty. The events of a strand mostly say the same. */
export interface Parties {
  readonly mcp_session_id: string
  readonly user_id: string
  readonly user_name: string
  readonly user_traits: Pairs
  readonly client_name: string
  readonly client_version: string
  readonly server_name: string
  readonly server_version: string
  readonly protocol_version: string
  readonly transport: string
}

/** An event as it is read: of its columns, those that sessions are made of. */
export interface ReadEvent extends Parties {
  /** The same object for events of one strand that are near. */
  readonly known: KnownStrand
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

/** As it grows: each event says which is the next. */
interface Chain extends StrandFacts {
  last: number
  /** Of the last of them. */
  parties: Parties
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
  readonly #chains = new Map<KnownStrand, Chain>()

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
    let chain = this.#chains.get(event.known)
    if (chain === undefined) {
      chain = { known: event.known, first: at, last: at, parties: partiesOf(event) }
      this.#chains.set(event.known, chain)
    } else {
      columns.next[chain.last] = at
      chain.last = at
      if (!sameParties(chain.parties, event)) chain.parties = partiesOf(event)
    }
    columns.next[at] = NONE
    columns.times[at * 2] = event.start
    columns.times[at * 2 + 1] = event.end
    const isToolCall = event.method === 'tools/call'
    columns.flags[at] =
      (isToolCall ? TOOL_CALL : 0) | (event.is_error ? ERROR : 0) | (event.is_missing_tool ? MISSING_TOOL : 0)
    columns.tools[at] = isToolCall ? event.target : ''
    columns.intents[at] = event.intent
    columns.parties[at] = chain.parties
    this.#ids.push(event.eventId)
  }

  /** Each once, unless it was read as several objects. */
  strands(): Iterable<StrandFacts> {
    return this.#chains.values()
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
    this.#chains.clear()
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
  readonly flags: Uint8Array
  readonly tools: string[]
  readonly intents: string[]
  readonly parties: (Parties | undefined)[]
}

function factColumns(room: number): FactColumns {
  return {
    room,
    next: new Int32Array(room),
    times: new BigInt64Array(room * 2),
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

function partiesOf(event: Parties): Parties {
  return {
    mcp_session_id: event.mcp_session_id,
    user_id: event.user_id,
    user_name: event.user_name,
    user_traits: event.user_traits,
    client_name: event.client_name,
    client_version: event.client_version,
    server_name: event.server_name,
    server_version: event.server_version,
    protocol_version: event.protocol_version,
    transport: event.transport,
  }
}

export function sameParties(a: Parties, b: Parties): boolean {
  return (
    a.mcp_session_id === b.mcp_session_id &&
    a.user_id === b.user_id &&
    a.user_name === b.user_name &&
    a.client_name === b.client_name &&
    a.client_version === b.client_version &&
    a.server_name === b.server_name &&
    a.server_version === b.server_version &&
    a.protocol_version === b.protocol_version &&
    a.transport === b.transport &&
    samePairs(a.user_traits, b.user_traits)
  )
}

function samePairs(a: Pairs, b: Pairs): boolean {
  return a === b || (a.length === b.length && a.every((text, index) => text === b[index]))
}
