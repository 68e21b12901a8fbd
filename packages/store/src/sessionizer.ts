import type { SessionRules } from '@mcpcat/sessions'
import { firstSessionIdAt } from '@mcpcat/sessions'
import { changedRows } from './changed-rows.js'
import type { Engine } from './engine.js'
import type { KeyIslands } from './key-islands.js'
import { islandsOf, membersOf } from './key-islands.js'
import type { Touched } from './key-ranges.js'
import { touchedKeys } from './key-ranges.js'
import type { KnownSession } from './session-rows.js'
import { sql } from './sql-files.js'
import type { BatchStrand } from './strand-rows.js'

/**
 * Brings the sessions that a batch may have changed up to date: recomputes the islands it touches
 * from the events, which must be in the store already, and writes whole rows, with the tombstones of
 * what is no session any more beside them in one insert.
 *
 * While others may write too, it looks again after every write until nothing changes: whoever
 * looks last sees what all have written.
 */
export async function refreshSessions(
  engine: Engine,
  project: string,
  batch: readonly BatchStrand[],
  rules: SessionRules,
): Promise<void> {
  const touched = await touchedKeys(engine, project, batch, rules)
  for (;;) {
    const written = await refreshOnce(engine, project, touched, rules)
    if (written === 0 || engine.exclusive) return
  }
}

async function refreshOnce(engine: Engine, project: string, touched: Touched, rules: SessionRules): Promise<number> {
  const members = await membersOf(engine, project, touched, rules)
  const islands = await islandsOf(engine, project, touched.ranges.values(), members, rules)
  const known = await knownSessions(engine, project, islands)
  const rows = changedRows(project, islands, known, members, rules)
  if (rows.length > 0) await engine.insert('sessions', rows.join('\n'))
  return rows.length
}

/** The rows that the store has of the islands' sessions, and of all that those superseded. */
async function knownSessions(engine: Engine, project: string, islands: readonly KeyIslands[]): Promise<KnownSession[]> {
  const lower = islands.reduce((least, range) => (range.lower < least ? range.lower : least), islands[0]?.lower ?? 0n)
  const upper = islands.reduce((most, range) => (range.upper > most ? range.upper : most), 0n)
  const known = new Map<string, KnownSession>()
  let rows = await engine.query<KnownSession>(sql('sessions-of-keys'), {
    project,
    keys: islands.map(({ key }) => key.hash),
    lowers: islands.map((range) => range.lower),
    uppers: islands.map((range) => range.upper),
    first_id: firstSessionIdAt(Number(lower / 1_000_000n)),
    end_id: firstSessionIdAt(Number(upper / 1_000_000n) + 1),
  })
  for (;;) {
    for (const row of rows) known.set(row.session_id, row)
    const ids = new Set(rows.flatMap(({ supersedes }) => supersedes).filter((id) => !known.has(id)))
    if (ids.size === 0) return [...known.values()]
    rows = await engine.query<KnownSession>(sql('sessions-by-id'), { project, ids: [...ids] })
    if (rows.length === 0) return [...known.values()]
  }
}
