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

/** Values of which most are the one of the row before: such rows are counted, and written together. */
class RepeatingColumn<Value> implements Column<Value> {
  readonly type: string
  readonly #parts: readonly Part<Value>[]
  #last: Value | undefined
  #count = 0

  constructor(type: string, parts: readonly Part<Value>[]) {
    this.type = type
    this.#parts = parts
  }

  push(value: Value): void {
    if (value === this.#last) this.#count += 1
    else this.#pushOther(value)
  }

  get bytes(): number {
    this.#write()
    return this.#parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  chunks(): Uint8Array[] {
    this.#write()
    return this.#parts.map(({ bytes }) => bytes.taken())
  }

  clear(): void {
    this.#count = 0
    for (const { bytes } of this.#parts) bytes.length = 0
  }

  #pushOther(value: Value): void {
    this.#write()
    this.#last = value
    this.#count = 1
  }

  #write(): void {
    if (this.#count === 0) return
    for (const { bytes, write } of this.#parts) {
      const from = bytes.length
      write(bytes, this.#last as Value)
      bytes.repeat(from, this.#count - 1)
    }
    this.#count = 0
  }
}

/** Bytes that a column is made of, one after the other. */
interface Part<Value> {
  readonly bytes: Bytes
  readonly write: (bytes: Bytes, value: Value) => void
}

function part<Value>(write: Part<Value>['write']): Part<Value> {
  return { bytes: new Bytes(), write }
}

export function boolColumn(): Column<boolean> {
  return new RepeatingColumn<boolean>('Bool', [part((bytes, value) => bytes.byte(value ? 1 : 0))])
}

export function nullableInt32Column(): Column<number | null> {
  return new RepeatingColumn<number | null>('Nullable(Int32)', [
    part((bytes, value) => bytes.byte(value === null ? 1 : 0)),
    part((bytes, value) => bytes.uint32(value ?? 0)),
  ])
}
