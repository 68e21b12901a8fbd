import { UserError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import type { StoreWriter } from '../writer.js'
import { backup } from './backup.js'
import { requireRoom } from '../disk-room.js'
import { planDeletion } from './delete-user.js'
import { mergeBackup } from './merge-backup.js'
import { reconcile } from './reconcile.js'
import { completeBackup, requireWithinBackups } from './restore.js'
import type { RetentionRules } from './retention.js'
import { applyRetention } from './retention.js'
import { exportProject, importProject } from './transfer.js'
import { deleteToTheEnd, finishOperations } from './unfinished.js'
import type { ProjectReport } from './verify.js'
import { verify } from './verify.js'

/** What an operator does with an open store. While one of these runs, writes wait. */
export interface StoreOperations {
  /** Checks what the store promises, and reports per project. */
  verify(): Promise<ProjectReport[]>
  /** Recomputes all sessions from the events. */
  reconcile(progress?: Progress): Promise<void>
  deleteUser(project: string, user: string): Promise<void>
  applyRetention(rules: RetentionRules): Promise<void>
  /** The folder of the backup. @throws UserError when the name is taken, or is none. */
  backup(name: string): Promise<string>
  /** Adds what a backup, below the folder of backups, has to what the store has. @throws UserError when it is none. */
  mergeBackup(folder: string, progress?: Progress): Promise<void>
  /** A Parquet file of the project's events. */
  exportProject(project: string, file: string): Promise<void>
  importProject(file: string, progress?: Progress): Promise<void>
}

/** Strands of events, of all that are looked at. */
export type Progress = (done: number, total: number) => void

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
    verify: () => writer.atRest(() => verify(engine)),
    reconcile: (progress) => writer.exclusively(() => reconcile(engine, rules, 0, progress)),
    deleteUser: (project, user) =>
      writer.exclusively(async () => {
        if (path !== undefined) {
          await requireRoom(path, engine, 'deleting a user')
          await finishOperations(engine, rules, path)
        }
        await deleteToTheEnd(engine, rules, path, await planDeletion(engine, rules, project, user))
      }),
    applyRetention: (retention) =>
      writer.exclusively(async () => applyRetention(engine, await projects(), retention, now())),
    backup: (name) => writer.atRest(async () => backup(engine, embedded(path), name)),
    mergeBackup: (folder, progress) =>
      writer.exclusively(async () => {
        const source = await completeBackup(folder)
        requireWithinBackups(embedded(path), source)
        await mergeBackup(engine, rules, source, progress)
      }),
    exportProject: (project, file) =>
      writer.atRest(async () => {
        embedded(path)
        await exportProject(engine, project, file)
      }),
    importProject: (file, progress) =>
      writer.exclusively(async () => {
        embedded(path)
        await importProject(engine, rules, file, progress)
      }),
  }
}
