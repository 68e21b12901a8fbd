import { rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { claimDataFolder, releaseDataFolder } from '../data-folder.js'
import { syncTree } from '../disk-room.js'
import { backupsFolder, engineFolder, openEngine, restoringFolder } from '../engine-chdb.js'
import { sql } from '../sql-files.js'
import { exists } from './backup.js'

/**
 * Makes a data folder from a backup. What was there of a restore that was cut off is started over.
 *
 * @throws UserError when the folder has a store already, or the backup is not one.
 */
export async function restore(backupFolder: string, path: string): Promise<void> {
  const source = await completeBackup(backupFolder)
  if (await exists(engineFolder(path))) {
    throw new UserError(
      `the data folder ${path} has a store already: add what the backup has to it with --merge, ` +
        'restore into another folder, or move it away',
    )
  }
  await claimDataFolder(path)
  try {
    const partial = restoringFolder(path)
    await rm(partial, { recursive: true, force: true })
    const engine = await openEngine(partial, dirname(source))
    try {
      await engine.command(sql('restore'), { folder: source })
    } finally {
      await engine.close()
    }
    await syncTree(partial)
    await rename(partial, engineFolder(path))
    await rm(`${partial}.xml`, { force: true })
  } finally {
    await releaseDataFolder(path)
  }
}

/** The absolute folder. @throws UserError when it is not there, or was cut off. */
export async function completeBackup(folder: string): Promise<string> {
  const absolute = resolve(folder)
  if (await exists(join(absolute, '.backup'))) return absolute
  throw new UserError(`${folder} is no complete backup`)
}

/** @throws UserError when the engine, which runs, may not read the folder. */
export function requireWithinBackups(path: string, folder: string): void {
  if (dirname(folder) === backupsFolder(path)) return
  throw new UserError(`an open store reads backups below ${backupsFolder(path)} only: copy ${folder} there first`)
}
