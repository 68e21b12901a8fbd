import { rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { claimDataFolder, releaseDataFolder } from '../data-folder.js'
import type { Engine } from '../engine.js'
import { backupsFolder, engineFolder, openEngine } from '../engine-chdb.js'
import { sql } from '../sql-files.js'

/**
 * Backs an embedded store up while it runs, into `backups/<name>` of its data folder. The folder is
 * complete, and may be copied away, when this resolves.
 *
 * @throws UserError when a backup of this name exists.
 */
export async function backup(engine: Engine, path: string, name: string): Promise<string> {
  if (!/^[\w.-]{1,100}$/.test(name))
    throw new UserError(`${name} is no name for a backup: use letters, digits, . _ and -`)
  const folder = join(backupsFolder(path), name)
  if (await exists(folder)) throw new UserError(`there is a backup named ${name} already`)
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await engine.command(sql('backup'), { folder: partial })
  await rename(partial, folder)
  return folder
}

/**
 * Makes a data folder from a backup. What was there of a restore that was cut off is started over.
 *
 * @throws UserError when the folder has a store already, or the backup is not one.
 */
export async function restore(backupFolder: string, path: string): Promise<void> {
  const source = resolve(backupFolder)
  if (!(await exists(join(source, '.backup')))) throw new UserError(`${backupFolder} is no complete backup`)
  if (await exists(engineFolder(path))) {
    throw new UserError(`the data folder ${path} has a store already: restore into another one, or move it away`)
  }
  await claimDataFolder(path)
  try {
    const partial = `${engineFolder(path)}.partial`
    await rm(partial, { recursive: true, force: true })
    const engine = await openEngine(partial, dirname(source))
    try {
      await engine.command(sql('restore'), { folder: source })
    } finally {
      await engine.close()
    }
    await rename(partial, engineFolder(path))
  } finally {
    await releaseDataFolder(path)
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    // Whatever keeps it from being read, it is not there for us.
    return false
  }
}
