import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import type { Deletion } from './delete-user.js'
import { carryOutDeletion } from './delete-user.js'

/**
 * An operation of several steps, of which none may be the last: what it is about to do is on disk
 * before the first step, so that whoever opens the store after a crash brings it to its end.
 */
interface Unfinished {
  readonly deletion: Deletion
}

/** @param path data folder of an embedded store; a server's process does not end with ours, so nothing is noted for it. */
export async function deleteToTheEnd(
  engine: Engine,
  rules: SessionRules,
  path: string | undefined,
  deletion: Deletion,
): Promise<void> {
  if (path !== undefined) await note(path, { deletion })
  await carryOutDeletion(engine, rules, deletion)
  if (path !== undefined) await rm(noteFile(path))
}

/** Brings to its end what a crash, or a full disk, has cut off. */
export async function finishOperations(engine: Engine, rules: SessionRules, path: string): Promise<void> {
  const unfinished = await readNote(path)
  if (unfinished === undefined) return
  await carryOutDeletion(engine, rules, unfinished.deletion)
  await rm(noteFile(path))
}

async function note(path: string, unfinished: Unfinished): Promise<void> {
  const partial = `${noteFile(path)}.partial`
  const file = await open(partial, 'w')
  try {
    await file.writeFile(JSON.stringify(unfinished, (_key, value: unknown) => writable(value)))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(partial, noteFile(path))
}

async function readNote(path: string): Promise<Unfinished | undefined> {
  try {
    return JSON.parse(await readFile(noteFile(path), 'utf8'), readable) as Unfinished
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function noteFile(path: string): string {
  return join(path, 'unfinished-operation.json')
}

const TIMES = new Set(['firstStart', 'lastEnd', 'lower', 'upper'])

function writable(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function readable(key: string, value: unknown): unknown {
  return TIMES.has(key) ? BigInt(value as string) : value
}
