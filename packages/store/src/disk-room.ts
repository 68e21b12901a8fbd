import { open, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import type { Engine } from './engine.js'
import { sql } from './sql-files.js'

const MIB = 1024 * 1024
/** What is left to whatever else writes there. */
const RESERVE = 16 * MIB

/**
 * Refuses work that rewrites data while its disk has no room for it: the engine would wait for room
 * in the midst of it, and every write with it.
 *
 * @throws UserError that says how much is missing.
 */
export async function requireRoom(path: string, engine: Engine, what: string): Promise<void> {
  const [parts] = await engine.query<{ bytes: string }>(sql('stored-bytes'))
  const needed = Number(parts?.bytes ?? 0) + RESERVE
  const { bavail, bsize } = await statfs(path)
  const free = bavail * bsize
  if (free >= needed) return
  throw new UserError(
    `${what} may need ${mib(needed)} of room on the disk of ${path}, which has ${mib(free)}: free some and try again`,
  )
}

/** Every file and folder below is on disk when this resolves, not in the system's memory. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else if (entry.isFile()) await sync(path)
  }
  await sync(folder)
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`
}
