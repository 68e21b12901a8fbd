import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import { MOST_BEHIND_MS } from '../recent/upkeep-in-memory.js'
import { sql } from '../sql-files.js'
import { removePartialBackups } from './backup.js'
import { reconcile } from './reconcile.js'
import { finishOperations } from './unfinished.js'

/**
 * Finishes what a process that ended at once left half done: a deletion, events of its last seconds
 * that no session counts yet (no insert begins while sessions are further behind), and what nobody
 * can use of a backup or a restore that was cut off.
 *
 * @param path data folder of an embedded store.
 */
export async function recover(engine: Engine, rules: SessionRules, path: string | undefined): Promise<void> {
  if (path !== undefined) await finishOperations(engine, rules, path)
  if (!engine.leftUnfinished) return
  if (path !== undefined) {
    await engine.command(sql('drop-restoring'))
    await removePartialBackups(path)
  }
  const [last] = await engine.query<{ last_ms: string }>(sql('last-ingested'))
  const lastMs = Number(last?.last_ms ?? 0)
  if (lastMs > 0) await reconcile(engine, rules, lastMs - LAST_INSERTS_MS)
}

/** Of which sessions may lack events, and some more for clocks that are set while it runs. */
const LAST_INSERTS_MS = 2 * MOST_BEHIND_MS
