import { UserError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import type { StoreWriter } from '../writer.js'
import { backup } from './backup.js'
import { deleteUser } from './delete-user.js'
import { reconcile } from './reconcile.js'
import type { RetentionRules } from './retention.js'
import { applyRetention } from './retention.js'
import { exportProject, importProject } from './transfer.js'
import type { ProjectReport } from './verify.js'
import { verify } from './verify.js'

/** What an operator does with an open store. While one of these runs, writes wait. */
export interface StoreOperations {
  /** Checks what the store promises, and reports per project. */
  verify(): Promise<ProjectReport[]>
  /** Recomputes all sessions from the events. */
  reconcile(progress?: (done: number, total: number) => void): Promise<void>
  deleteUser(project: string, user: string): Promise<void>
  applyRetention(rules: RetentionRules): Promise<void>
  /** The folder of the backup. @throws UserError when the name is taken, or is none. */
  backup(name: string): Promise<string>
  /** A Parquet file of the project's events. */
  exportProject(project: string, file: string): Promise<void>
  importProject(file: string): Promise<void>
}

/** The data folder, for what reads or writes files beside it. */
function embedded(path: string | undefined): string {
  if (path === undefined) {
    throw new UserError(
      'this works on an embedded store only: use BACKUP, RESTORE and file functions of the ClickHouse server',
    )
  }
  return path
}

/** @param path data folder of an embedded store. */
export function storeOperations(
  engine: Engine,
  rules: SessionRules,
  path: string | undefined,
  writer: StoreWriter,
  projects: () => Promise<string[]>,
  now: () => number,
): StoreOperations {
  return {
    verify: () => writer.exclusively(() => verify(engine)),
    reconcile: (progress) => writer.exclusively(() => reconcile(engine, rules, 0, progress)),
    deleteUser: (project, user) => writer.exclusively(() => deleteUser(engine, rules, project, user)),
    applyRetention: (retention) =>
      writer.exclusively(async () => applyRetention(engine, await projects(), retention, now())),
    backup: (name) => writer.exclusively(async () => backup(engine, embedded(path), name)),
    exportProject: (project, file) =>
      writer.exclusively(async () => {
        embedded(path)
        await exportProject(engine, project, file)
      }),
    importProject: (file) =>
      writer.exclusively(async () => {
        embedded(path)
        await importProject(engine, rules, file)
      }),
  }
}
