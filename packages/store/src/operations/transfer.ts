import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { format, parse, resolve } from 'node:path'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import { sql } from '../sql-files.js'
import { reconcile } from './reconcile.js'

/**
 * Writes the events of a project to a Parquet file, in the columns of the table `events`. Sessions follow
 * from them, and their ids too; the sessions' goals, where there are any, do not: they are in a file beside it.
 */
export async function exportProject(engine: Engine, project: string, file: string): Promise<void> {
  const target = resolve(file)
  await exportGoals(engine, project, goalsFile(target))
  await exportTo(target, (partial) => engine.command(sql('export-events'), { project, file: partial }))
}

async function exportGoals(engine: Engine, project: string, target: string): Promise<void> {
  const [counted] = await engine.query<{ goals: string }>(sql('count-goals'), { project })
  // Those of an earlier export under this name are not of what is exported now.
  if (Number(counted?.goals ?? 0) === 0) await rm(target, { force: true })
  else await exportTo(target, (partial) => engine.command(sql('export-goals'), { project, file: partial }))
}

/** Whole under its name, or not there. */
async function exportTo(target: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${target}.partial`
  await rm(partial, { force: true })
  await write(partial)
  await rename(partial, target)
}

/** `events.goals.parquet` beside `events.parquet`. */
function goalsFile(file: string): string {
  const { dir, name, ext } = parse(file)
  return format({ dir, name: `${name}.goals`, ext })
}

/**
 * Adds the events of such a file, to the project they were exported from, and the goals of the file beside
 * it; what is there already changes nothing.
 */
export async function importProject(
  engine: Engine,
  rules: SessionRules,
  file: string,
  progress?: (done: number, total: number) => void,
): Promise<void> {
  const source = resolve(file)
  const [clock] = await engine.query<{ now_ms: string }>(sql('engine-clock'))
  await engine.command(sql('import-events'), { file: source })
  await reconcile(engine, rules, Number(clock?.now_ms ?? 0), progress)
  const goals = goalsFile(source)
  if (existsSync(goals)) await engine.command(sql('import-goals'), { file: goals })
}
