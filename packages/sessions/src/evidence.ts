import type { Rung, SessionRules } from './rules.js'

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

/** Reads the strand of an event. A missing project is `default`. */
export function readStrand(
  attribute: AttributeLookup,
  event: { eventId: string; traceId: string },
  rules: SessionRules,
): Strand {
  const raw = rawSession(attribute)
  let user = ''
  let best: { rung: Rung; actor: string } | undefined
  for (const rung of rules.ladder) {
    const actor = actorOn(rung, attribute, raw, event.traceId)
    if (actor === undefined) continue
    if (rung.kind === 'user') user = actor
    best ??= { rung, actor }
  }
  const onHandle = best?.rung.kind === 'handle'
  return {
    project: attribute('mcpcat.project.id') || 'default',
    rung: best?.rung.name ?? 'isolated',
    actor: best?.actor ?? event.eventId,
    user,
    client: attribute('mcp.client.name') ?? '',
    scope: onHandle ? `handle:${best?.actor}` : raw,
    raw,
  }
}

/** The names of all attributes that {@link readStrand} asks for. */
export function strandAttributes(rules: SessionRules): string[] {
  return [
    'mcpcat.project.id',
    'mcp.client.name',
    'mcp.session.id',
    'mcpcat.connection.id',
    'mcpcat.session.source',
    ...rules.ladder.flatMap((rung) => rung.attributes.flat()),
  ]
}

/** The protocol's session, or the connection where the protocol has none; empty when stateless. */
export function rawSession(attribute: AttributeLookup): string {
  const protocol = attribute('mcp.session.id')
  if (protocol) return `protocol:${protocol}`
  const connection = attribute('mcpcat.connection.id')
  return connection ? `connection:${connection}` : ''
}

function actorOn(rung: Rung, attribute: AttributeLookup, raw: string, traceId: string): string | undefined {
  if (rung.requires && !raw.startsWith(`${rung.requires}:`)) return undefined
  if (rung.kind === 'raw') return raw || undefined
  if (rung.kind === 'trace') return traceId || undefined
  const values: string[] = []
  for (const alternatives of rung.attributes) {
    const value = firstPresent(alternatives, attribute)
    if (value === undefined) return undefined
    values.push(value)
  }
  if (values.length === 0) return undefined
  return values.length === 1 ? values[0] : JSON.stringify(values)
}

function firstPresent(alternatives: readonly string[], attribute: AttributeLookup): string | undefined {
  for (const name of alternatives) {
    // A `session.id` beside a source was stamped by MCPcat itself, not by the application.
    if (name === 'session.id' && attribute('mcpcat.session.source') !== undefined) continue
    const value = attribute(name)
    if (value) return value
  }
  return undefined
}
