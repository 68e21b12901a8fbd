import { UserError } from '@mcpcat/collector'
import type { RemoteStore } from './control/client.js'
import { remoteStore } from './control/client.js'
import { liveOwner } from './data-folder.js'
import type { StoreOperations } from './operations/store-operations.js'
import type { StoreOptions } from './store.js'
import { openEngineOf, openStore } from './store.js'

/** The operations of a store, wherever it is open. */
export interface OperatedStore {
  readonly operations: Omit<StoreOperations, 'applyRetention'>
  close(): Promise<void>
}

/**
 * The store that a running collector has open, or else the one that is opened now.
 *
 * @throws UserError when the store cannot be opened.
 */
export async function operateStore(options: StoreOptions): Promise<OperatedStore> {
  const remote = await runningStore(options)
  if (remote) return { operations: remote.operations, close: () => Promise.resolve() }
  return await openStore(options)
}

/**
 * Answers a statement that only reads, in a format of ClickHouse; in a running collector, where one
 * has the store, within its bounds.
 *
 * @param output is given the answer in parts.
 * @throws UserError when the store cannot be opened, or the statement is refused.
 */
export async function readSql(
  options: StoreOptions,
  statement: string,
  format: string,
  output: (text: string) => void,
): Promise<void> {
  if (!/^\w+$/.test(format)) throw new UserError(`${format} is no format of ClickHouse`)
  const remote = await runningStore(options)
  if (remote) {
    await remote.read(statement, format, output)
    return
  }
  const engine = await openEngineOf(options)
  try {
    output(await engine.read(statement, format))
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error })
  } finally {
    await engine.close()
  }
}

async function runningStore({ engine, path }: StoreOptions): Promise<RemoteStore | undefined> {
  if (engine !== 'chdb') return undefined
  const control = (await liveOwner(path))?.control
  return control === undefined ? undefined : remoteStore(control)
}
