import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { requireRoom, syncTree } from '../disk-room.js'
import type { Engine } from '../engine.js'
import { backupsFolder } from '../engine-chdb.js'
import { sql } from '../sql-files.js'

const PARTIAL = '.partial'

/**
 * Backs an embedded store up while it runs, into `backups/<name>` of its data folder. The folder is
 * complete, on disk, and may be copied away, when this resolves.
 *
 * @throws UserError when a backup of this name exists, or the disk has no room for it.
 */
export async function backup(engine: Engine, path: string, name: string): Promise<string> {
  if (!/^[\w.-]{1,100}$/.test(name) || name.endsWith(PARTIAL))
    throw new UserError(`${name} is no name for a backup: use letters, digits, . _ and -`)
  const folder = join(backupsFolder(path), name)
  if (await exists(folder)) throw new UserError(`there is a backup named ${name} already`)
  await requireRoom(path, engine, 'a backup')
  await removePartialBackups(path)
  const partial = `${folder}${PARTIAL}`
  try {
    await engine.command(sql('backup'), { folder: partial })
    await syncTree(partial)
  } catch (error) {
    await removePartialBackups(path)
    throw error
  }
  await rename(partial, folder)
  return folder
}

/** What backups have left that were cut off: nobody can use it, and it may be large. */
export async function removePartialBackups(path: string): Promise<void> {
  const folder = backupsFolder(path)
  for (const name of await readdir(folder)) {
    if (name.endsWith(PARTIAL)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** Whether anything is at a path; what cannot be read is not there for us. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
