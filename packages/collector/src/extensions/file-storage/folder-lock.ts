import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  const own = `${lock}.${process.pid}`
  await writeFile(own, JSON.stringify({ pid: process.pid, start: await processStart(process.pid) } satisfies Holder))
  try {
    // A link appears with its content, and only where there is none.
    while (!(await linked(own, lock))) await takeOver(lock, folder, place)
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

/** Removes the lock of a process that is gone. @throws UserError where it lives. */
async function takeOver(lock: string, folder: string, place: string): Promise<void> {
  await refuseLive(await holderOf(lock), folder, lock, place)
  const aside = `${lock}.stale.${process.pid}`
  try {
    await rename(lock, aside)
  } catch (error) {
    // Another one was faster; who has it now is asked again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    // What was moved may be the lock of whoever was faster.
    await refuseLive(await holderOf(aside), folder, lock, place)
  } catch (error) {
    await linked(aside, lock)
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

async function refuseLive(holder: Holder | undefined, folder: string, lock: string, place: string): Promise<void> {
  if (!holder || !(await lives(holder))) return
  throw new UserError(
    `${place}: the folder ${folder} is in use by another collector (pid ${holder.pid}): stop it, or give this one ` +
      `another folder (if no such process runs, remove ${lock})`,
  )
}

async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder
  } catch {
    // Gone, or of no use: then nobody holds it.
    return undefined
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
