import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import { sql } from '../sql-files.js'
import { removePartialBackups } from './backup.js'
import { reconcile } from './reconcile.js'
import { finishOperations } from './unfinished.js'

/**
 * Finishes what a process that ended at once left half done: a deletion, events of its last insert
 * that no session counts yet (everything before was finished before the next insert began), and
 * what nobody can use of a backup or a restore that was cut off.
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
  if (lastMs > 0) await reconcile(engine, rules, lastMs - LAST_INSERT_MS)
}

/** Longer than the rows of one insert differ in their time of ingestion. */
const LAST_INSERT_MS = 5000
