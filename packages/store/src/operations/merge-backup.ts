import { UserError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import { sql } from '../sql-files.js'
import { reconcile } from './reconcile.js'

/**
 * Adds what a backup has to a store that is open. What the store has stays: events are the same by
 * their ids, and sessions are assembled anew from all of them. Cut off at any moment, it may be done again.
 *
 * @param folder complete, and where the engine may read.
 * @throws UserError when the backup has another schema than the store.
 */
export async function mergeBackup(
  engine: Engine,
  rules: SessionRules,
  folder: string,
  progress?: (done: number, total: number) => void,
): Promise<void> {
  await engine.command(sql('drop-restoring'))
  try {
    await engine.command(sql('restore-beside'), { folder })
    const differences = await engine.query(sql('count-schema-differences'))
    if (differences.length > 0) {
      throw new UserError(
        `the backup ${folder} was made with another schema: restore it into a folder of its own, which brings its schema ` +
          'up to date when it is opened, and back that one up',
      )
    }
    const [clock] = await engine.query<{ now_ms: string }>(sql('engine-clock'))
    await engine.command(sql('merge-events'))
    const tables = await engine.query<{ name: string }>(sql('list-mergeable-tables'))
    for (const { name } of tables) await engine.command(sql('merge-table'), { table: name })
    await reconcile(engine, rules, Number(clock?.now_ms ?? 0), progress)
  } finally {
    await engine.command(sql('drop-restoring'))
  }
}
