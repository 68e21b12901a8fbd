import type { SessionRules } from '@mcpcat/sessions'
import { firstSessionIdAt } from '@mcpcat/sessions'
import type { Changes } from './changed-rows.js'
import { changedRows } from './changed-rows.js'
import type { EngineForSessions } from './engine.js'
import type { KeyIslands } from './key-islands.js'
import { islandsOf } from './key-islands.js'
import type { KeyRange, Touched } from './key-ranges.js'
import { followMoved, touchedKeys, widen } from './key-ranges.js'
import { pieces } from './pieces.js'
import type { KnownSession, KnownSessionRow } from './known-session.js'
import { knownSession } from './known-session.js'
import { insertSessions, withSessionRows } from './session-inserts.js'
import { sql } from './sql-files.js'
import type { BatchStrand } from './batch-strands.js'

/**
 * Brings the sessions that a batch may have changed up to date: recomputes the islands it touches
 * from the events, which must be in the store already, and writes whole rows, with the tombstones of
 * what is no session any more beside them in one insert.
 *
 * While others may write too, it looks again after every write until nothing changes, at the rows it
 * wrote as well, wherever their first events are by then: whoever looks last sees what all have written.
 *
 * @param ranges of keys to look at besides.
 * @returns the keys that were looked at.
 */
export async function refreshSessions(
  engine: EngineForSessions,
  project: string,
  batch: readonly BatchStrand[],
  rules: SessionRules,
  ranges: readonly KeyRange[] = [],
): Promise<Touched> {
  const touched = await touchedKeys(engine, project, batch, rules)
  for (const { key, lower, upper } of ranges) widen(touched, key, lower, upper)
  const written = new Set<string>()
  return await withSessionRows(async (rows) => {
    for (;;) {
      const changes = await findChanges(engine, project, touched, written, rules)
      rows.clear()
      changes.tell(rows)
      await insertSessions(engine, rows)
      for (const { known } of rows.written) written.add(known.session_id)
      const followed = await followMoved(engine, project, changes.moved, touched, rules)
      if (!followed && (rows.written.length === 0 || engine.exclusive)) return touched
    }
  })
}

async function findChanges(
  engine: EngineForSessions,
  project: string,
  touched: Touched,
  written: ReadonlySet<string>,
  rules: SessionRules,
): Promise<Changes> {
  const { islands, members } = await islandsOf(engine, project, touched.values(), rules)
  const known = await knownSessions(engine, project, islands, written)
  return changedRows(project, islands, known, () => members, rules)
}

/** The rows that the store has of the islands' sessions, of those written, and of all that those superseded. */
async function knownSessions(
  engine: EngineForSessions,
  project: string,
  islands: readonly KeyIslands[],
  written: ReadonlySet<string>,
): Promise<Map<string, KnownSession>> {
  const lower = islands.reduce((least, range) => (range.lower < least ? range.lower : least), islands[0]?.lower ?? 0n)
  const upper = islands.reduce((most, range) => (range.upper > most ? range.upper : most), 0n)
  const known = new Map<string, KnownSession>()
  let rows: KnownSessionRow[] = []
  for (const some of pieces(islands, ({ key }) => key.hash)) {
    const ofKeys = await engine.query<KnownSessionRow>(sql('sessions-of-keys'), {
      project,
      keys: some.map(({ key }) => key.hash),
      lowers: some.map((range) => range.lower),
      uppers: some.map((range) => range.upper),
      first_id: firstSessionIdAt(Number(lower / 1_000_000n)),
      end_id: firstSessionIdAt(Number(upper / 1_000_000n) + 1),
    })
    rows.push(...ofKeys)
  }
  for (const ids of pieces([...written], (id) => id)) {
    rows.push(...(await engine.query<KnownSessionRow>(sql('sessions-of-ids'), { project, ids })))
  }
  for (;;) {
    const unseen = rows.filter((row) => !known.has(row.session_id))
    if (unseen.length === 0) return known
    for (const row of unseen) known.set(row.session_id, knownSession(row))
    rows = []
    for (const ids of pieces(
      Array.from(unseen, ({ session_id: id }) => id),
      (id) => id,
    )) {
      rows.push(...(await engine.query<KnownSessionRow>(sql('sessions-superseded-by'), { project, ids })))
    }
  }
}
