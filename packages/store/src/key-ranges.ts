import type { SessionKey, SessionRules } from '@mcpcat/sessions'
import { linkedKey, linkingMembers, linksOf, ownKey, possibleKeys } from '@mcpcat/sessions'
import type { EngineForSessions } from './engine.js'
import { pieces } from './pieces.js'
import type { KnownSession } from './known-session.js'
import { sql } from './sql-files.js'
import type { BatchStrand } from './batch-strands.js'
import type { StoredStrand, StrandRow } from './strand-rows.js'
import { strandsByScope } from './strand-rows.js'

/** A key of which something changed between two times, in nanoseconds. */
export interface KeyRange {
  readonly key: SessionKey
  lower: bigint
  upper: bigint
}

/** What a batch may have changed, by the hash of the key. */
export type Touched = Map<string, KeyRange>

/**
 * The keys whose sessions a batch may have changed: those of its own events and, where it tells anew
 * whose a scope is, every key that the scope's events have or may have had before.
 */
export async function touchedKeys(
  engine: EngineForSessions,
  project: string,
  batch: readonly BatchStrand[],
  rules: SessionRules,
): Promise<Touched> {
  const touched: Touched = new Map()
  const scopes = [...new Set(batch.flatMap(({ strand }) => [strand.scope, strand.raw]).filter(Boolean))]
  const known = strandsByScope(project, await strandsOfScopes(engine, project, scopes))

  for (const { strand, firstStart, lastEnd } of batch) {
    const members = known.get(strand.scope)
    const { user, client } = linkingMembers(members ?? [])
    const links = { user: user?.strand.user ?? '', client: client?.strand.client ?? '' }
    widen(touched, members ? linkedKey(strand, links, rules) : ownKey(strand, rules), firstStart, lastEnd)
  }
  for (const strands of known.values()) {
    const linking = linkingMembers(strands)
    if (!isFromBatch(linking.user, batch) && !isFromBatch(linking.client, batch)) continue
    for (const { strand, firstStart, lastEnd, belongs } of strands) {
      if (!belongs) continue
      for (const key of possibleKeys(strand, strands, rules)) widen(touched, key, firstStart, lastEnd)
    }
  }
  return touched
}

/**
 * Adds the keys that the first events of these sessions have now, at their times. True when that is
 * anything new, and the touched keys have to be looked at again.
 */
export async function followMoved(
  engine: EngineForSessions,
  project: string,
  moved: readonly KnownSession[],
  touched: Touched,
  rules: SessionRules,
): Promise<boolean> {
  if (moved.length === 0) return false
  const scopes = [...new Set(moved.map((session) => session.first_scope).filter(Boolean))]
  const known = strandsByScope(project, await strandsOfScopes(engine, project, scopes))
  let followed = false
  for (const session of moved) {
    const key = currentKey(session, known, touched, rules)
    if (!key) continue
    const { start } = session
    const range = touched.get(key.hash)
    followed ||= !range || !within(range, start)
    widen(touched, key, start, start)
  }
  return followed
}

/** The key that a session's first event has now; undefined when its strand is gone. */
function currentKey(
  session: KnownSession,
  known: ReadonlyMap<string, readonly StoredStrand[]>,
  touched: Touched,
  rules: SessionRules,
): SessionKey | undefined {
  // Events without a scope keep their own key.
  if (session.first_scope === '') return touched.get(session.first_own_key)?.key
  const strands = known.get(session.first_scope) ?? []
  const strand = strands.find(({ ownKey: own, belongs }) => belongs && own === session.first_own_key)
  return strand && linkedKey(strand.strand, linksOf(strands), rules)
}

export function within({ lower, upper }: { lower: bigint; upper: bigint }, time: bigint): boolean {
  return lower <= time && time <= upper
}

export function widen(ranges: Touched, key: SessionKey, lower: bigint, upper: bigint): void {
  const range = ranges.get(key.hash)
  if (!range) {
    ranges.set(key.hash, { key, lower, upper })
    return
  }
  if (lower < range.lower) range.lower = lower
  if (upper > range.upper) range.upper = upper
}

function isFromBatch(linking: StoredStrand | undefined, batch: readonly BatchStrand[]): boolean {
  return (
    linking !== undefined &&
    batch.some(
      ({ ownKey: own, firstEventId, firstStart }) =>
        own === linking.ownKey && firstEventId === linking.firstEventId && firstStart === linking.firstStart,
    )
  )
}

/** Every strand of the given scopes. */
export async function strandsOfScopes(
  engine: EngineForSessions,
  project: string,
  scopes: readonly string[],
): Promise<StrandRow[]> {
  const rows: StrandRow[] = []
  for (const some of pieces(scopes, (scope) => scope)) {
    rows.push(...(await engine.query<StrandRow>(sql('strands-of-scopes'), { project, scopes: some })))
  }
  return rows
}
