import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'

/** Who has the folder, for the message to whoever comes second. The engine's own lock decides. */
interface Owner {
  pid: number
  /** Start of the process in clock ticks since boot: a pid alone may be another process by now. */
  processStart: string | null
}

/**
 * Claims the folder. It was left unfinished when whoever had it before did not release it.
 *
 * @throws UserError when another live process has claimed the folder.
 */
export async function claimDataFolder(path: string): Promise<{ leftUnfinished: boolean }> {
  await mkdir(path, { recursive: true })
  const owner = await readOwner(path)
  if (
    owner &&
    owner.pid !== process.pid &&
    owner.processStart &&
    (await processStart(owner.pid)) === owner.processStart
  ) {
    throw new UserError(
      `the data folder ${path} is in use by a running collector (pid ${owner.pid}): stop it, or set another ` +
        '`path` on the store extension (MCPCAT_DATA_DIR)',
    )
  }
  const self: Owner = { pid: process.pid, processStart: await processStart(process.pid) }
  const leftUnfinished = await isClaimed(path)
  await writeFile(ownerFile(path), JSON.stringify(self))
  return { leftUnfinished }
}

export async function releaseDataFolder(path: string): Promise<void> {
  if ((await readOwner(path))?.pid !== process.pid) return
  await rm(ownerFile(path), { force: true })
}

/** Also by a process whose claim was cut off in the middle. */
async function isClaimed(path: string): Promise<boolean> {
  return (await readdir(path)).includes(OWNER_FILE)
}

const OWNER_FILE = 'owner.json'

function ownerFile(path: string): string {
  return join(path, OWNER_FILE)
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(ownerFile(path), 'utf8')) as Owner
  } catch {
    // Absent, or cut off by a crash: then it names nobody.
    return null
  }
}

/** Linux only; elsewhere null, and the engine's lock speaks. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    // No such process, or no /proc.
    return null
  }
}
