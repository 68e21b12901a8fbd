import type { KnownStrand } from '@mcpcat/sessions'
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
  readonly eventId: string
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

const TOOL_CALL = 1
const ERROR = 2
const MISSING_TOOL = 4
const NONE = -1

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
  readonly #chains = new Map<KnownStrand, Chain>()
  #nextOfStrand = new Int32Array(ROOM)
  #times = new BigInt64Array(ROOM * 2)
  #flags = new Uint8Array(ROOM)
  #eventIds: string[] = []
  #tools: string[] = []
  #intents: string[] = []
  #parties: Parties[] = []

  /** Events. */
  get count(): number {
    return this.#count
  }

  /** Adds an event; of what holds its content, nothing is held. */
  push(event: ReadEvent): void {
    const at = this.#count
    if (at === this.#flags.length) this.#grow()
    this.#count = at + 1
    let chain = this.#chains.get(event.known)
    if (chain === undefined) {
      chain = { known: event.known, first: at, last: at, parties: partiesOf(event) }
      this.#chains.set(event.known, chain)
    } else {
      this.#nextOfStrand[chain.last] = at
      chain.last = at
      if (!sameParties(chain.parties, event)) chain.parties = partiesOf(event)
    }
    this.#nextOfStrand[at] = NONE
    this.#times[at * 2] = event.start
    this.#times[at * 2 + 1] = event.end
    const isToolCall = event.method === 'tools/call'
    this.#flags[at] =
      (isToolCall ? TOOL_CALL : 0) | (event.is_error ? ERROR : 0) | (event.is_missing_tool ? MISSING_TOOL : 0)
    this.#eventIds[at] = event.eventId
    this.#tools[at] = isToolCall ? event.target : ''
    this.#intents[at] = event.intent
    this.#parties[at] = chain.parties
  }

  /** Each once, unless it was read as several objects. */
  strands(): Iterable<StrandFacts> {
    return this.#chains.values()
  }

  /** The events of a strand, in the order in which they came. */
  eventsOf({ first }: StrandFacts): EventFacts[] {
    const events: EventFacts[] = []
    for (let at = first; at !== NONE; at = this.#nextOfStrand[at] as number) events.push(this.#at(at))
    return events
  }

  /** Starts anew; what holds the facts is kept for the next batch. */
  clear(): void {
    this.#chains.clear()
    this.#eventIds.length = 0
    this.#tools.length = 0
    this.#intents.length = 0
    this.#parties.length = 0
    this.#count = 0
  }

  #at(at: number): EventFacts {
    const flags = this.#flags[at] as number
    return {
      eventId: this.#eventIds[at] as string,
      start: this.#times[at * 2] as bigint,
      end: this.#times[at * 2 + 1] as bigint,
      isToolCall: (flags & TOOL_CALL) !== 0,
      isError: (flags & ERROR) !== 0,
      isMissingTool: (flags & MISSING_TOOL) !== 0,
      tool: this.#tools[at] as string,
      intent: this.#intents[at] as string,
      parties: this.#parties[at] as Parties,
    }
  }

  #grow(): void {
    const room = this.#flags.length * 2
    this.#nextOfStrand = copied(this.#nextOfStrand, new Int32Array(room))
    this.#times = copied(this.#times, new BigInt64Array(room * 2))
    this.#flags = copied(this.#flags, new Uint8Array(room))
  }
}

/** Events that there is room for at first. */
const ROOM = 1024

function copied<Values extends { set(values: Values): void }>(from: Values, to: Values): Values {
  to.set(from)
  return to
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
