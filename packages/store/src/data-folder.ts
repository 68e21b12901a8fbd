import { once } from 'node:events'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Endpoint } from '@mcpcat/collector'
import { processStart, UserError } from '@mcpcat/collector'

/** Who has the folder, for whoever comes second. The engine's own lock decides. */
export interface Owner {
  readonly pid: number
  /** Start of the process in clock ticks since boot: a pid alone may be another process by now. */
  readonly processStart: string | null
  /** Where it takes requests of the command line, once it does. */
  readonly control?: string
  /** What it serves, once it runs. */
  readonly endpoints?: readonly Endpoint[]
}

/**
 * Claims the folder. It was left unfinished when whoever had it before did not release it.
 *
 * @throws UserError when another live process has claimed the folder.
 */
export async function claimDataFolder(path: string): Promise<{ leftUnfinished: boolean }> {
  await mkdir(path, { recursive: true })
  const owner = await liveOwner(path)
  if (owner) throw new UserError(inUse(path, owner))
  const leftUnfinished = await isClaimed(path)
  await writeOwner(path, { pid: process.pid, processStart: await processStart(process.pid) })
  return { leftUnfinished }
}

/** Adds to what others can read of this process, which has claimed the folder. */
export async function describeOwner(path: string, about: Pick<Owner, 'control' | 'endpoints'>): Promise<void> {
  const owner = await readOwner(path)
  if (owner?.pid === process.pid) await writeOwner(path, { ...owner, ...about })
}

export async function releaseDataFolder(path: string): Promise<void> {
  if ((await readOwner(path))?.pid !== process.pid) return
  await rm(ownerFile(path), { force: true })
}

/** Another process that has the folder and lives. Where no process can be asked, its control socket is. */
export async function liveOwner(path: string): Promise<Owner | undefined> {
  const owner = await readOwner(path)
  if (!owner || owner.pid === process.pid) return undefined
  const alive = owner.processStart
    ? (await processStart(owner.pid)) === owner.processStart
    : owner.control !== undefined && (await listens(owner.control))
  return alive ? owner : undefined
}

function inUse(path: string, { pid, endpoints = [] }: Owner): string {
  const urls = endpoints.map(({ name, url }) => `${name} ${url}`)
  const who = endpoints.length > 0 ? 'a running collector' : 'another mcpcat process'
  return (
    `the data folder ${path} is in use by ${who} (${[`pid ${pid}`, ...urls].join(', ')}): stop it, ` +
    'or set another `path` on the store extension (MCPCAT_DATA_DIR)'
  )
}

/** Also by a process whose claim was cut off in the middle. */
async function isClaimed(path: string): Promise<boolean> {
  return (await readdir(path)).includes(OWNER_FILE)
}

const OWNER_FILE = 'owner.json'

function ownerFile(path: string): string {
  return join(path, OWNER_FILE)
}

async function writeOwner(path: string, owner: Owner): Promise<void> {
  const partial = `${ownerFile(path)}.partial`
  await writeFile(partial, JSON.stringify(owner))
  await rename(partial, ownerFile(path))
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(ownerFile(path), 'utf8')) as Owner
  } catch {
    // Absent, or cut off by a crash: then it names nobody.
    return null
  }
}

async function listens(address: string): Promise<boolean> {
  const socket = connect(address)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Left behind by a process that is gone.
    return false
  } finally {
    socket.destroy()
  }
}
