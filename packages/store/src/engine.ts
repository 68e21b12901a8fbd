import type { NativeBlock } from './native/native-block.js'
import type { ReadLimits } from './read-only.js'

/** A value for a `{name:Type}` placeholder. */
export type Parameter = string | number | bigint | boolean | readonly Parameter[]
export type Parameters = Readonly<Record<string, Parameter>>

/**
 * One ClickHouse, embedded or remote. SQL comes from this package's files; outside values reach it
 * through `{name:Type}` placeholders only.
 */
export interface Engine {
  /** No other process writes into this store. */
  readonly exclusive: boolean
  /** A block may be used again when {@link insertBlock} returns its promise, not when that resolves. */
  readonly readsBlocksAtOnce: boolean
  /** Whoever wrote last may have left something half done. */
  readonly leftUnfinished: boolean
  /** Rows of a SELECT; 64-bit integers come as strings. */
  query<Row>(sql: string, parameters?: Parameters, options?: ApartOptions): Promise<Row[]>
  /**
   * A person's own statement, which may only read, and its answer in a format of ClickHouse.
   *
   * @param limits where others wait for the same engine.
   */
  read(sql: string, format: string, limits?: ReadLimits): Promise<string>
  /** A statement without a result. */
  command(sql: string, parameters?: Parameters): Promise<void>
  /**
   * Resolves when the rows are on disk.
   *
   * @param rows newline-delimited JSON.
   * @param token identifies the batch: one that was inserted with the same token is not inserted again.
   */
  insert(table: string, rows: string, token?: string): Promise<void>
  /** As {@link insert}, for many rows at once: nothing has to be parsed. Columns that the block lacks get their defaults. */
  insertBlock(table: string, block: NativeBlock, options?: BlockOptions): Promise<void>
  /**
   * Waits for what is running, then releases the engine.
   *
   * @param unfinished something is left half done: whoever opens it next is told.
   */
  close(unfinished?: boolean): Promise<void>
}

/** What keeping sessions asks of an engine. */
export type EngineForSessions = Pick<Engine, 'exclusive' | 'query' | 'insertBlock'>

export interface ApartOptions {
  /** Neither waits for inserts, but for such that are apart as well, nor do they for it. */
  readonly apart?: boolean
}

export interface BlockOptions extends ApartOptions {
  /** Indexes of the table that merges are to make, not this insert: where a part lacks one, all of the part is read. */
  readonly lateIndexes?: readonly string[]
}
