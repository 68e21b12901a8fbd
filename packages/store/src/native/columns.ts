import { Bytes } from './bytes.js'
import { TextColumn } from './text-column.js'

/**
 * Columns in ClickHouse's `Native` format (clickhouse.com/docs/interfaces/formats/Native), built row
 * by row into buffers that are kept for the next block. The engine takes such a block as it is: it
 * parses nothing, and no row exists as JSON.
 */
export interface Column<Value> {
  /** As in a `CREATE TABLE`. */
  readonly type: string
  push(value: Value): void
  readonly bytes: number
  /** The column's bytes; they are overwritten when rows are pushed after {@link clear}. */
  chunks(): Uint8Array[]
  clear(): void
}

export function stringColumn(): TextColumn {
  return new TextColumn()
}

/** @param type of eight bytes: Int64, or a DateTime64. */
export function int64Column(type = 'Int64'): Column<bigint> {
  let values = new BigInt64Array(FEW)
  let count = 0
  return {
    type,
    push(value) {
      if (count === values.length) {
        const grown = new BigInt64Array(count * 2)
        grown.set(values)
        values = grown
      }
      values[count++] = value
    },
    get bytes() {
      return count * 8
    },
    chunks: () => [new Uint8Array(values.buffer, 0, count * 8)],
    clear: () => void (count = 0),
  }
}

const FEW = 512

/** A column of eight bytes that says the same in so many rows. */
export function repeated(type: string, value: bigint, rows: number): Pick<Column<never>, 'type' | 'chunks'> {
  return { type, chunks: () => [new Uint8Array(new BigInt64Array(rows).fill(value).buffer)] }
}

export function boolColumn(): Column<boolean> {
  const bytes = new Bytes()
  return {
    type: 'Bool',
    push(value) {
      bytes.reserve(1)
      bytes.buffer[bytes.length++] = value ? 1 : 0
    },
    get bytes() {
      return bytes.length
    },
    chunks: () => [bytes.taken()],
    clear: () => void (bytes.length = 0),
  }
}

export function nullableInt32Column(): Column<number | null> {
  const nulls = new Bytes()
  const values = new Bytes()
  return {
    type: 'Nullable(Int32)',
    push(value) {
      nulls.reserve(1)
      nulls.buffer[nulls.length++] = value === null ? 1 : 0
      values.reserve(4)
      values.buffer.writeInt32LE(value ?? 0, values.length)
      values.length += 4
    },
    get bytes() {
      return nulls.length + values.length
    },
    chunks: () => [nulls.taken(), values.taken()],
    clear() {
      nulls.length = 0
      values.length = 0
    },
  }
}
