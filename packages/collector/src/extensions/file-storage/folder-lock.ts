import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { UserError } from '../../errors.js'
import { processStart } from '../../process-start.js'

/** Who has the folder. */
interface Holder {
  readonly pid: number
  readonly start: string | null
}

/**
 * Locks a folder against other processes. The lock of a process that is gone is taken over, also
 * when its pid is somebody else's by now.
 *
 * @returns Gives it back.
 * @throws UserError that names the process that has it.
 */
export async function lockFolder(folder: string, place: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  const lock = join(folder, 'lock.json')
  return acquired(lock, ({ pid }) => {
    throw new UserError(
      `${place}: the folder ${folder} is in use by another collector (pid ${pid}): stop it, or give this one ` +
        `another folder (if no such process runs, remove ${lock})`,
    )
  })
}

/**
 * @param isHeld is told who has the lock, and lives; when it returns, that is looked at again.
 * @returns Gives it back.
 */
async function acquired(lock: string, isHeld: (holder: Holder) => Promise<void> | void): Promise<() => Promise<void>> {
  const own = `${lock}.${process.pid}.${randomUUID()}`
  await writeFile(own, JSON.stringify({ pid: process.pid, start: await processStart(process.pid) } satisfies Holder))
  try {
    // A link appears with its content, and only where there is none.
    while (!(await linked(own, lock))) {
      const holder = await holderOf(lock)
      if (typeof holder === 'object' && (await lives(holder))) await isHeld(holder)
      else await removeDead(lock)
    }
  } finally {
    await rm(own, { force: true })
  }
  return () => rm(lock, { force: true })
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes the lock of a process that is gone. Others may be at it too, and one of them may have the lock by now: so it is
 * removed, and looked at before, by one at a time.
 */
async function removeDead(lock: string): Promise<void> {
  const release = await acquired(`${lock}.removing`, () => setTimeout(RETRY_MS))
  try {
    const holder = await holderOf(lock)
    if (holder !== 'nobody' && !(typeof holder === 'object' && (await lives(holder)))) await rm(lock, { force: true })
  } finally {
    await release()
  }
}

const RETRY_MS = 10

/** Who a lock says has it; `nobody` where there is none, and `unknown` where it was cut off in the midst of being written. */
async function holderOf(lock: string): Promise<Holder | 'nobody' | 'unknown'> {
  try {
    const holder = JSON.parse(await readFile(lock, 'utf8')) as Holder | null
    return typeof holder?.pid === 'number' ? holder : 'unknown'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nobody' : 'unknown'
  }
}

async function lives({ pid, start }: Holder): Promise<boolean> {
  if (start !== null) return (await processStart(pid)) === start
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
