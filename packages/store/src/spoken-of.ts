import type { KnownStrand, Strand } from '@mcpcat/sessions'
import type { Pairs } from './native/maps.js'
import { TextsInBytes } from './texts-in-bytes.js'

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
  /** Whether it is of those that spoke, who are of its strand; that costs less than asking who it is of. */
  isOf(spoken: Spoken): boolean
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

/** What says of the parties which programs speak, and how. */
export type Program = Exclude<keyof Parties, 'mcp_session_id' | 'user_id' | 'user_name' | 'user_traits'>
export const PROGRAMS: readonly Program[] = [
  'client_name',
  'client_version',
  'server_name',
  'server_version',
  'protocol_version',
  'transport',
]

/** Of a strand and its parties what is the same for many. */
export interface Setting extends Pick<Strand, 'project' | 'rung'>, Pick<Parties, Program> {
  /** The same, in the order of {@link PROGRAMS}. */
  readonly programs: TextsInBytes
  /** A block of rows that it is in, and its entry there. */
  block: number
  entry: number
}

const NO_TRAITS: Pairs = []

/** Who spoke last in the events of a strand, and where. */
export class Spoken {
  readonly by: SpokenOf
  #speaker!: Speaker
  #setting!: Setting
  // What is asked for with every event, so that nobody has to look further: the parties are elsewhere in memory.
  /** Whether they have a session's id. */
  hasSession = false
  /** Whether they say anything of a user. */
  hasUser = false
  userTraits: Pairs = NO_TRAITS
  /** A batch of facts that it is in, and its last event there. */
  batch = 0
  last = 0
  /** A block of rows that the speaker is in, and its entry there. */
  block = 0
  entry = 0

  constructor(by: SpokenOf, speaker: Speaker, setting: Setting) {
    this.by = by
    this.change(speaker, setting)
  }

  get speaker(): Speaker {
    return this.#speaker
  }

  /** The same object for most that have the same. */
  get setting(): Setting {
    return this.#setting
  }

  /** Another one, from now on. */
  change(speaker: Speaker, setting: Setting): void {
    this.#speaker = speaker
    this.#setting = setting
    const { mcp_session_id, user_id, user_name, user_traits } = speaker.parties
    this.hasSession = mcp_session_id !== ''
    this.userTraits = user_traits
    this.hasUser = user_id !== '' || user_name !== '' || user_traits.length > 0
    this.block = 0
  }
}

/**
 * Remembers who takes part in the events of a strand, so that events that say the same share it, in many batches. What
 * it remembers is kept on the strand, and forgotten with it.
 */
export class SpokenOf {
  #batches = 0
  #settings = new Map<string, Setting>()

  /** A number for a batch of facts, or a block of rows. */
  nextBatch(): number {
    this.#batches += 1
    return this.#batches
  }

  /** By the event, and others of its strand that say the same. */
  by(event: SpokenEvent): Spoken {
    const { known } = event
    const { said } = known
    const spoken = said instanceof Spoken && said.by === this ? said : undefined
    if (spoken && event.isOf(spoken)) return spoken
    const speaker = speakerOf(event)
    const setting = this.#settingOf(speaker)
    if (!spoken) return (known.said = new Spoken(this, speaker, setting))
    spoken.change(speaker, setting)
    return spoken
  }

  #settingOf(speaker: Speaker): Setting {
    const place = placeOf(speaker)
    const known = this.#settings.get(place)
    if (known && isSame(known, speaker)) return known
    if (this.#settings.size >= MOST_SETTINGS) this.#settings.clear()
    const setting = settingOf(speaker)
    this.#settings.set(place, setting)
    return setting
  }
}

const MOST_SETTINGS = 1000

function settingOf({ known: { strand }, parties }: Speaker): Setting {
  return {
    programs: new TextsInBytes(PROGRAMS.map((program) => parties[program])),
    project: strand.project,
    rung: strand.rung,
    client_name: parties.client_name,
    client_version: parties.client_version,
    server_name: parties.server_name,
    server_version: parties.server_version,
    protocol_version: parties.protocol_version,
    transport: parties.transport,
    block: 0,
    entry: 0,
  }
}

/** By this equal settings are found; that of others can be the same. */
function placeOf({ known: { strand }, parties }: Speaker): string {
  const { client_name, client_version, server_name, server_version, protocol_version } = parties
  return `${client_name} ${client_version} ${server_name} ${server_version} ${strand.project} ${protocol_version} ${strand.rung}`
}

function isSame(setting: Setting, { known: { strand }, parties }: Speaker): boolean {
  return (
    setting.project === strand.project &&
    setting.rung === strand.rung &&
    PROGRAMS.every((program) => setting[program] === parties[program])
  )
}

function speakerOf(event: SpokenEvent): Speaker {
  return { known: event.known, parties: partiesOf(event), number: 0, told: 0 }
}

export function partiesOf(event: Parties): Parties {
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

export function samePairs(a: Pairs, b: Pairs): boolean {
  return a === b || (a.length === b.length && a.every((text, index) => text === b[index]))
}
