import type { SessionRules } from '@mcpcat/sessions'
import { defaultRules } from '@mcpcat/sessions'
import { openChdb } from './engine-chdb.js'
import { migrate } from './migrations.js'
import { recover } from './operations/reconcile.js'
import type { StoreOperations } from './operations/store-operations.js'
import { storeOperations } from './operations/store-operations.js'
import { storeReader } from './reader.js'
import type { StoreReader } from './reading.js'
import type { StoreWriter } from './writer.js'
import { storeWriter } from './writer.js'

/** An open store: what was written is what is read. */
export interface Store extends StoreReader, Pick<StoreWriter, 'write' | 'close'> {
  readonly operations: StoreOperations
}

export interface StoreOptions {
  readonly engine: 'chdb'
  readonly path: string
  /** What makes events one session. Default: the default rules. */
  readonly rules?: SessionRules
}

/**
 * Opens the store and brings its schema up to date.
 *
 * @param now milliseconds since the epoch; decides which sessions are active.
 * @throws UserError when the folder is in use, the engine is missing, or the store is newer than this version.
 */
export async function openStore(config: StoreOptions, now: () => number = Date.now): Promise<Store> {
  const rules = config.rules ?? defaultRules
  const engine = await openChdb(config.path)
  try {
    await migrate(engine)
    await recover(engine, rules)
  } catch (error) {
    await engine.close()
    throw error
  }
  const writer = storeWriter(engine, rules)
  const reader = storeReader(engine, rules, now)
  return {
    ...reader,
    operations: storeOperations(engine, rules, config.path, writer, () => reader.projects(), now),
    write: (traces) => writer.write(traces),
    async close() {
      await writer.close()
      await engine.close()
    },
  }
}
