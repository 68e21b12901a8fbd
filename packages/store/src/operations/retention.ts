import type { Engine, Parameters } from '../engine.js'
import { pieceCount, pieces } from '../pieces.js'
import { sql } from '../sql-files.js'

export interface RetentionRules {
  /** Days that a project's events are kept; absent: for ever. */
  readonly days?: number | undefined
  /** Projects that differ. */
  readonly projects: Readonly<Record<string, { readonly days: number }>>
}

/**
 * Deletes what is older than its project keeps: sessions that ended before the cutoff, with their
 * events. A session that goes on after it stays whole.
 *
 * What is deleted is named by value: a deletion that asked other tables could see something else on
 * every replica of a cluster.
 *
 * @param now milliseconds since the epoch.
 */
export async function applyRetention(
  engine: Engine,
  projects: readonly string[],
  rules: RetentionRules,
  now: number,
): Promise<void> {
  for (const project of projects) {
    const days = rules.projects[project]?.days ?? rules.days
    if (days === undefined) continue
    const expiring = { project, cutoff: BigInt(Math.floor(now - days * 86_400_000)) }
    await expireEvents(engine, expiring)
    // What leads to a session goes before it: afterwards nothing tells that it did.
    await expireIn(engine, 'expired-superseded', ['delete-goals', 'expire-sessions'], expiring)
    await expireIn(engine, 'expired-sessions', ['delete-goals', 'expire-sessions'], expiring)
    await expireIn(engine, 'expired-scopes', ['expire-strands'], expiring)
    await engine.command(sql('expire-tool-definitions'), expiring)
  }
}

async function expireEvents(engine: Engine, expiring: Parameters): Promise<void> {
  const [straddling] = await engine.query<{ characters: string }>(sql('straddling-characters'), expiring)
  const shares = pieceCount(Number(straddling?.characters ?? 0))
  for (let share = 0; share < shares; share++) await expireShare(engine, expiring, share, shares)
}

/** Deletes the events of a share of the strands; of its halves, when what it keeps does not fit into a statement. */
async function expireShare(engine: Engine, expiring: Parameters, share: number, shares: number): Promise<void> {
  const strands = await engine.query<{ strand: string }>(sql('straddling-strands'), { ...expiring, shares, share })
  const kept = strands.map(({ strand }) => strand)
  if (pieces(kept, (strand) => strand).length > 1) {
    await expireShare(engine, expiring, share, shares * 2)
    await expireShare(engine, expiring, share + shares, shares * 2)
  } else await engine.command(sql('expire-events'), { ...expiring, shares, share, kept })
}

/** Rows looked at together. */
const AT_ONCE = 1000

async function expireIn(
  engine: Engine,
  found: string,
  deletions: readonly string[],
  expiring: Parameters,
): Promise<void> {
  for (let after = ''; ;) {
    const rows = await engine.query<{ id: string }>(sql(found), { ...expiring, after, limit: AT_ONCE })
    const ids = rows.map(({ id }) => id)
    for (const some of pieces(ids, (id) => id)) {
      for (const deletion of deletions) {
        await engine.command(sql(deletion), { project: expiring['project'] ?? '', ids: some })
      }
    }
    const last = ids.at(-1)
    if (last === undefined || ids.length < AT_ONCE) return
    after = last
  }
}
