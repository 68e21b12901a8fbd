import { UserError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import { defaultRules } from '@mcpcat/sessions'
import type { ClickHouseOptions } from './engine-clickhouse.js'
import type { Engine } from './engine.js'
import { DiskFullError } from './engine-errors.js'
import { openChdb } from './engine-chdb.js'
import { migrate } from './migrations.js'
import type { MovedTable, MoveOptions } from './operations/move.js'
import { move } from './operations/move.js'
import { recover } from './operations/recover.js'
import type { StoreOperations } from './operations/store-operations.js'
import { storeOperations } from './operations/store-operations.js'
import type { ReadLimits } from './read-only.js'
import { storeReader } from './reader.js'
import { readsAfterWrites, settledInTime } from './reads-after-writes.js'
import type { StoreReader } from './reading.js'
import type { GoalWrites } from './reading/goals.js'
import type { IssueWrites } from './reading/issues.js'
import type { StoreWriter } from './writer.js'
import { storeWriter } from './writer.js'
import { goalWrites } from './writes/goals.js'
import { issueWrites } from './writes/issues.js'

/** An open store: what was written is what is read. */
export interface Store extends StoreReader, Pick<StoreWriter, 'write' | 'settled' | 'close'>, GoalWrites, IssueWrites {
  readonly operations: StoreOperations
  /** A person's own statement, which may only read, in a format of ClickHouse. @throws UserError when it is refused. */
  read(statement: string, format: string, limits?: ReadLimits): Promise<string>
}

export interface StoreOptions {
  readonly engine: 'chdb' | { readonly clickhouse: ClickHouseOptions }
  /** Data folder of the embedded engine. */
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
  const engine = await openReady(config, rules)
  const writer = storeWriter(engine, rules)
  const reader = storeReader(engine, now)
  // One after the other with what else is written.
  const writing: Engine = { ...engine, insert: (...rows) => writer.atRest(() => engine.insert(...rows)) }
  return {
    ...readsAfterWrites(reader, writer),
    ...goalWrites(writing, now),
    ...issueWrites(writing, now),
    operations: storeOperations(
      engine,
      rules,
      config.engine === 'chdb' ? config.path : undefined,
      writer,
      () => reader.projects(),
      now,
    ),
    async read(statement, format, limits) {
      await settledInTime(writer)
      return await engine.read(statement, format, limits)
    },
    write: (traces) => writer.write(traces),
    settled: () => writer.settled(),
    async close() {
      await writer.close()
      await engine.close(writer.unfinished)
    },
  }
}

/** An engine with the schema of this version and nothing left half done. */
async function openReady(config: StoreOptions, rules: SessionRules): Promise<Engine> {
  const engine = await openEngineOf(config)
  try {
    await migrate(engine)
    await recover(engine, rules, config.engine === 'chdb' ? config.path : undefined)
    return engine
  } catch (error) {
    await engine.close(true)
    if (error instanceof DiskFullError) throw new UserError(`${error.message} (${config.path})`, { cause: error })
    throw error
  }
}

/**
 * Copies a store, which nobody else has open, to a ClickHouse server or cluster. Cut off, it is
 * taken up by doing it again.
 *
 * @throws UserError when one cannot be opened, or the target has other data and `merge` is not set.
 */
export async function moveStore(
  from: StoreOptions,
  to: ClickHouseOptions,
  options: MoveOptions = {},
): Promise<MovedTable[]> {
  const rules = from.rules ?? defaultRules
  const { openClickHouse } = await import('./engine-clickhouse.js')
  const target = await openClickHouse(to)
  try {
    await migrate(target)
    const source = await openReady(from, rules)
    try {
      return await move(source, target, rules, options)
    } finally {
      await source.close()
    }
  } finally {
    await target.close()
  }
}

export async function openEngineOf({ engine, path }: StoreOptions): Promise<Engine> {
  if (engine === 'chdb') return await openChdb(path)
  const { openClickHouse } = await import('./engine-clickhouse.js')
  return await openClickHouse(engine.clickhouse)
}
