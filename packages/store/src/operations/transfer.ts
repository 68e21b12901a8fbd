import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import { sql } from '../sql-files.js'
import { reconcile } from './reconcile.js'

/** Writes the events of a project to a Parquet file, in the columns of the table `events`. Sessions follow from them. */
export async function exportProject(engine: Engine, project: string, file: string): Promise<void> {
  const target = resolve(file)
  const partial = `${target}.partial`
  await rm(partial, { force: true })
  await engine.command(sql('export-events'), { project, file: partial })
  await rename(partial, target)
}

/** Adds the events of such a file, to the project they were exported from; those that are there already change nothing. */
export async function importProject(
  engine: Engine,
  rules: SessionRules,
  file: string,
  progress?: (done: number, total: number) => void,
): Promise<void> {
  const [clock] = await engine.query<{ now_ms: string }>(sql('engine-clock'))
  await engine.command(sql('import-events'), { file: resolve(file) })
  await reconcile(engine, rules, Number(clock?.now_ms ?? 0), progress)
}
