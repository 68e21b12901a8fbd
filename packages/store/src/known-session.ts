/** What the newest row of a session says. */
export interface KnownSession {
  readonly session_id: string
  readonly key: string
  readonly version: bigint
  /** Empty when several rows are the newest, and they differ. */
  readonly content_hash: string
  /** Nanoseconds since the epoch. */
  readonly start: bigint
  readonly end: bigint
  readonly first_event_id: string
  readonly first_own_key: string
  readonly first_scope: string
}

/** A row of `session-versions.sql`. */
export interface KnownSessionRow extends Omit<KnownSession, 'version' | 'start' | 'end'> {
  readonly version: string
  readonly start_ns: string
  readonly end_ns: string
}

export function knownSession({ version, start_ns: start, end_ns: end, ...row }: KnownSessionRow): KnownSession {
  return { ...row, version: BigInt(version), start: BigInt(start), end: BigInt(end) }
}

const GENERATION = 1n << 40n

/**
 * The version of a row that replaces `known`. Versions come without clocks: the island's
 * deduplicated event count, so a superset wins; where what changed is not more events (re-keying,
 * deletion), the next generation.
 */
export function nextVersion(known: KnownSession | undefined, islandEvents: number): bigint {
  const events = BigInt(islandEvents)
  if (!known) return events
  const generation = known.version / GENERATION
  const version = generation * GENERATION + events
  return version > known.version ? version : (generation + 1n) * GENERATION + events
}
