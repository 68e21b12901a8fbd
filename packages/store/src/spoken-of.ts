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

/** An event as it is read. */
export interface SpokenEvent extends Parties {
  /** The same object for events of one strand that are near. */
  readonly known: KnownStrand
  /** The column is not empty; events of one strand that have one have the same, and nobody has to look at it. */
  readonly hasSessionId: boolean
}

/** A strand, as far as its events need it. */
export type StrandOfEvents = Pick<KnownStrand, 'id' | 'key' | 'strand'>

/** A strand, and who takes part in its events. */
export interface Speaker {
  readonly known: StrandOfEvents
  readonly parties: Parties
  /** Under which another thread knows it; zero where none does. */
  number: number
  /** When that thread was told of its events last, by a count of its own. */
  told: number
}

/** What an event of a strand said last, and where it is in its batch. */
export class Spoken {
  readonly by: SpokenOf
  speaker: Speaker
  batch = 0
  last = 0

  constructor(by: SpokenOf, speaker: Speaker) {
    this.by = by
    this.speaker = speaker
  }
}

/**
 * Remembers who takes part in the events of a strand, so that events that say the same share it, in many batches. What
 * it remembers is kept on the strand, and forgotten with it.
 */
export class SpokenOf {
  #batches = 0

  nextBatch(): number {
    this.#batches += 1
    return this.#batches
  }

  /** By the event, and others of its strand that say the same. */
  by(event: SpokenEvent): Spoken {
    const { known } = event
    const { said } = known
    let spoken = said instanceof Spoken && said.by === this ? said : undefined
    if (!spoken) known.said = spoken = new Spoken(this, speakerOf(event))
    const { parties } = spoken.speaker
    if ((parties.mcp_session_id !== '') !== event.hasSessionId || !sameBesides(parties, event))
      spoken.speaker = speakerOf(event)
    return spoken
  }
}

function speakerOf(event: SpokenEvent): Speaker {
  return { known: event.known, parties: partiesOf(event), number: 0, told: 0 }
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
  return a.mcp_session_id === b.mcp_session_id && sameBesides(a, b)
}

/** All but the session's id. */
function sameBesides(a: Parties, b: Parties): boolean {
  return (
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
