import { flat } from './flat.js'
import type { Rung, SessionRules } from './rules.js'
import { isolatedRung } from './rules.js'

/** The value of an attribute of the span or its resource, as a string. */
export type AttributeLookup = (name: string) => string | undefined

/**
 * What one event says about whose conversation it belongs to. Events with equal strands always
 * share a key, so the strand, not the event, is what a late `identify` moves.
 */
export interface Strand {
  readonly project: string
  /** Name of the strongest rung that the event satisfies by itself. */
  readonly rung: string
  readonly actor: string
  /** The identified user, or empty. */
  readonly user: string
  /** The client's name, or empty. */
  readonly client: string
  /**
   * The conversation inside which identities are linked and fragments are cut: `handle:…`,
   * `protocol:…` or `connection:…`; empty for a stateless event.
   */
  readonly scope: string
  /** The raw session, `protocol:…` or `connection:…`, or empty: its identity is linked too, also to events with a handle. */
  readonly raw: string
}

/** What stands for an event of which nothing else is known. */
export interface EventName {
  readonly eventId: string
  readonly traceId: string
}

/** What is asked of every event, at these places among the names. */
const FIXED = [
  'mcpcat.project.id',
  'mcp.client.name',
  'mcp.session.id',
  'mcpcat.connection.id',
  'mcpcat.session.source',
]
const [PROJECT, CLIENT, SESSION, CONNECTION, SOURCE] = [0, 1, 2, 3, 4] as const

/** The names of all attributes that say whose an event is, each once. */
export function strandAttributes(rules: SessionRules): string[] {
  return [...new Set([...FIXED, ...rules.ladder.flatMap((rung) => rung.attributes.flat())])]
}

/** Reads the strand of an event. A missing project is `default`. */
export function readStrand(attribute: AttributeLookup, event: EventName, rules: SessionRules): Strand {
  let evidence = readers.get(rules)
  if (!evidence) readers.set(rules, (evidence = new Evidence(rules)))
  evidence.read(evidence.names.map(attribute), event)
  return evidence.strand()
}

const readers = new WeakMap<SessionRules, Evidence>()

/** The protocol's session, or the connection where the protocol has none; empty when stateless. */
export function rawSession(attribute: AttributeLookup): string {
  const protocol = attribute('mcp.session.id')
  if (protocol) return `protocol:${protocol}`
  const connection = attribute('mcpcat.connection.id')
  return connection ? `connection:${connection}` : ''
}

/** A rung, and where what it asks for is among the values. */
interface Step {
  readonly rung: Rung
  readonly places: readonly (readonly number[])[]
}

type RawKind = '' | 'protocol' | 'connection'

/** The evidence of one event after the other, of which text is made only where a strand is new. */
export class Evidence {
  /** The attributes that {@link read} takes the values of, in this order. */
  readonly names: readonly string[]
  readonly #steps: readonly Step[]
  readonly #lastUser: number
  readonly #sessionId: number
  #project = ''
  #client = ''
  #user = ''
  #rung = isolatedRung
  /** Of the rung `raw`, as of the raw session: without what it is. */
  #actor = ''
  #rawKind: RawKind = ''
  #rawId = ''

  constructor(rules: SessionRules) {
    this.names = strandAttributes(rules)
    const places = new Map(this.names.map((name, place) => [name, place]))
    this.#steps = rules.ladder.map((rung) => ({
      rung,
      places: rung.attributes.map((alternatives) => alternatives.map((name) => places.get(name) as number)),
    }))
    this.#lastUser = rules.ladder.findLastIndex(({ kind }) => kind === 'user')
    this.#sessionId = places.get('session.id') ?? -1
  }

  read(values: readonly (string | undefined)[], event: EventName): void {
    this.#project = values[PROJECT] || 'default'
    this.#client = values[CLIENT] ?? ''
    this.#readRaw(values)
    this.#user = ''
    let best: Rung | undefined
    for (let index = 0; index < this.#steps.length; index += 1) {
      const { rung, places } = this.#steps[index] as Step
      if (best && rung.kind !== 'user') {
        if (index > this.#lastUser) break
        continue
      }
      const actor = this.#actorOn(rung, places, values, event)
      if (actor === undefined) continue
      if (rung.kind === 'user') this.#user = actor
      if (best) continue
      best = rung
      this.#actor = actor
    }
    this.#rung = best ?? isolatedRung
    if (!best) this.#actor = event.eventId
  }

  /** By this equal strands are found; that of others can be the same. */
  get place(): string {
    return this.#rawKind === '' || this.#rung.kind === 'handle' ? this.#actor : this.#rawId
  }

  /** Whether it follows from the values alone, and not from the event's own name. */
  get isOfValues(): boolean {
    return this.#rung.kind !== 'trace' && this.#rung !== isolatedRung
  }

  /** Whether a strand of the same place is this one. */
  isOf(strand: Strand): boolean {
    if (strand.rung !== this.#rung.name || strand.user !== this.#user) return false
    if (strand.client !== this.#client || strand.project !== this.#project) return false
    if (this.#rung.kind === 'handle') return strand.actor === this.#actor && strand.raw === this.#raw
    // Where there is a raw session, its id is the place; the length tells what kind of session.
    if (strand.raw.length !== RAW_PREFIX[this.#rawKind].length + this.#rawId.length) return false
    return this.#rung.kind === 'raw' || strand.actor === this.#actor
  }

  strand(): Strand {
    const raw = this.#raw
    return {
      project: this.#project,
      rung: this.#rung.name,
      actor: this.#rung.kind === 'raw' ? raw : this.#actor,
      user: this.#user,
      client: this.#client,
      scope: this.#rung.kind === 'handle' ? flat('handle:', this.#actor) : raw,
      raw,
    }
  }

  get #raw(): string {
    return this.#rawKind === '' ? '' : flat(RAW_PREFIX[this.#rawKind], this.#rawId)
  }

  #readRaw(values: readonly (string | undefined)[]): void {
    const protocol = values[SESSION]
    const connection = protocol ? undefined : values[CONNECTION]
    this.#rawKind = protocol ? 'protocol' : connection ? 'connection' : ''
    this.#rawId = protocol || connection || ''
  }

  #actorOn(
    rung: Rung,
    places: readonly (readonly number[])[],
    values: readonly (string | undefined)[],
    { traceId }: EventName,
  ): string | undefined {
    if (rung.requires && rung.requires !== this.#rawKind) return undefined
    if (rung.kind === 'raw') return this.#rawId || undefined
    if (rung.kind === 'trace') return traceId || undefined
    if (places.length === 1) return this.#firstPresent(places[0] as readonly number[], values)
    const actors: string[] = []
    for (const alternatives of places) {
      const value = this.#firstPresent(alternatives, values)
      if (value === undefined) return undefined
      actors.push(value)
    }
    return actors.length === 0 ? undefined : JSON.stringify(actors)
  }

  #firstPresent(alternatives: readonly number[], values: readonly (string | undefined)[]): string | undefined {
    for (const place of alternatives) {
      const value = values[place]
      // A `session.id` beside a source was stamped by MCPcat itself, not by the application.
      if (value && !(place === this.#sessionId && values[SOURCE] !== undefined)) return value
    }
    return undefined
  }
}

const RAW_PREFIX = { '': '', protocol: 'protocol:', connection: 'connection:' } as const

/** The {@link Evidence.place} of the evidence that such a strand is read from. */
export function placeOf({ actor, scope, raw }: Strand): string {
  return raw === '' || scope !== raw ? actor : raw.slice(raw.indexOf(':') + 1)
}
