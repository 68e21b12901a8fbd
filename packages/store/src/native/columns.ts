import { isUtf8 } from 'node:buffer'

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

/** A column of texts. */
export interface TextColumn extends Column<string> {
  /** A value from its bytes; what is no UTF-8 in them is made so. */
  pushUtf8(bytes: Buffer, start: number, end: number): void
}

/** Bytes that grow. */
class Bytes {
  buffer: Buffer = Buffer.allocUnsafeSlow(1 << 12)
  length = 0

  reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + size))
    this.buffer.copy(grown, 0, 0, this.length)
    this.buffer = grown
  }

  varint(value: number): void {
    this.reserve(5)
    let rest = value
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[this.length++] = rest
  }

  uint32(value: number): void {
    this.reserve(4)
    const { buffer, length } = this
    buffer[length] = value
    buffer[length + 1] = value >>> 8
    buffer[length + 2] = value >>> 16
    buffer[length + 3] = value >>> 24
    this.length = length + 4
  }

  uint64(value: number | bigint): void {
    this.reserve(8)
    this.buffer.writeBigUInt64LE(BigInt(value), this.length)
    this.length += 8
  }

  /** A string with its length before it. */
  text(text: string): void {
    const { length } = text
    if (length <= SHORT) {
      // Mostly it is ASCII; a loop over so few costs less than a call.
      this.reserve(length * 3 + 2)
      const { buffer } = this
      let at = this.length + 1
      let units = 0
      for (let index = 0; index < length; index += 1) {
        const unit = text.charCodeAt(index)
        units |= unit
        buffer[at++] = unit
      }
      if (units < 0x80) {
        buffer[this.length] = length
        this.length = at
        return
      }
    }
    const size = Buffer.byteLength(text)
    this.varint(size)
    this.reserve(size)
    this.length += this.buffer.write(text, this.length)
  }

  /** UTF-8 from other bytes, with its length before it. */
  utf8(from: Buffer, start: number, end: number): void {
    const size = end - start
    const before = this.length
    this.varint(size)
    this.reserve(size)
    const { buffer } = this
    let at = this.length
    this.length += size
    if (size <= SHORT) {
      let bits = 0
      for (let index = start; index < end; index += 1) {
        const byte = from[index] as number
        bits |= byte
        buffer[at++] = byte
      }
      if (bits < 0x80) return
    } else from.copy(buffer, at, start, end)
    if (isUtf8(buffer.subarray(this.length - size, this.length))) return
    this.length = before
    this.text(from.toString('utf8', start, end))
  }

  taken(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }
}

/** Of so many bytes the count is one byte. */
const SHORT = 127

export function stringColumn(): TextColumn {
  const bytes = new Bytes()
  return {
    type: 'String',
    push: (value) => bytes.text(value),
    pushUtf8: (from, start, end) => bytes.utf8(from, start, end),
    get bytes() {
      return bytes.length
    },
    chunks: () => [bytes.taken()],
    clear: () => void (bytes.length = 0),
  }
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

/** Values that repeat: each is written once, and rows point to it. */
export function lowCardinalityColumn(): Column<string> {
  const dictionary = lowCardinality()
  return {
    type: 'LowCardinality(String)',
    push: dictionary.push,
    get bytes() {
      return dictionary.bytes
    },
    chunks: () => [lowCardinalityPrefix, ...dictionary.chunks()],
    clear: dictionary.clear,
  }
}

/** Alternating names and values. */
export type Pairs = readonly string[]

/** A column of maps, whole or entry by entry. */
export interface MapColumn extends Column<Pairs> {
  /** Of the row that {@link endRow} ends. */
  put(name: string, value: string): void
  putUtf8(name: string, bytes: Buffer, start: number, end: number): void
  endRow(): void
}

export function mapColumn(names: 'String' | 'LowCardinality(String)'): MapColumn {
  const offsets = new Bytes()
  const repeating = lowCardinality()
  const plain = new Bytes()
  const values = new Bytes()
  const isLow = names !== 'String'
  let count = 0

  function name(text: string): void {
    if (isLow) repeating.push(text)
    else plain.text(text)
    count += 1
  }

  function endRow(): void {
    offsets.uint32(count)
    offsets.uint32(0)
  }

  return {
    type: `Map(${names}, String)`,
    push(pairs) {
      for (let index = 0; index < pairs.length; index += 2) {
        name(pairs[index] as string)
        values.text(pairs[index + 1] as string)
      }
      endRow()
    },
    put(key, value) {
      name(key)
      values.text(value)
    },
    putUtf8(key, bytes, start, end) {
      name(key)
      values.utf8(bytes, start, end)
    },
    endRow,
    get bytes() {
      return offsets.length + repeating.bytes + plain.length + values.length
    },
    chunks: () => [
      ...(isLow ? [lowCardinalityPrefix] : []),
      offsets.taken(),
      ...(isLow ? repeating.chunks() : [plain.taken()]),
      values.taken(),
    ],
    clear() {
      offsets.length = 0
      repeating.clear()
      plain.length = 0
      values.length = 0
      count = 0
    },
  }
}

/** Version of the serialization: shared dictionaries with additional keys. */
const lowCardinalityPrefix = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0])
/** Keys are in the block (bit 9), the dictionary starts anew (bit 10), and positions are UInt32 (2). */
const LOW_CARDINALITY_FLAGS = (1 << 9) | (1 << 10) | 2

function lowCardinality(): Omit<Column<string>, 'type'> {
  const positions = new Map<string, number>()
  const keys = new Bytes()
  const rows = new Bytes()
  // Mostly a value is the one of the row before.
  let last: string | undefined
  let lastPosition = 0

  function positionOf(value: string): number {
    let position = positions.get(value)
    if (position === undefined) {
      position = positions.size
      positions.set(value, position)
      keys.text(value)
    }
    last = value
    lastPosition = position
    return position
  }

  return {
    get bytes() {
      return keys.length + rows.length
    },
    push(value) {
      rows.uint32(value === last ? lastPosition : positionOf(value))
    },
    chunks() {
      // Of no rows, nothing is written.
      if (rows.length === 0) return []
      const header = new Bytes()
      header.uint64(LOW_CARDINALITY_FLAGS)
      header.uint64(positions.size)
      const count = new Bytes()
      count.uint64(rows.length / 4)
      return [header.taken(), keys.taken(), count.taken(), rows.taken()]
    },
    clear() {
      positions.clear()
      keys.length = 0
      rows.length = 0
      last = undefined
    },
  }
}

/** Rows of a table in the `Native` format. */
export interface NativeBlock {
  /** Names and types of its columns, in order. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: number
  readonly chunks: readonly Uint8Array[]
}

/** A block of so many rows from columns that have as many each. */
export function nativeBlock(
  columns: Readonly<Record<string, Pick<Column<never>, 'type' | 'chunks'>>>,
  rows: number,
): NativeBlock {
  const entries = Object.entries(columns)
  const start = new Bytes()
  start.varint(entries.length)
  start.varint(rows)
  const chunks: Uint8Array[] = [start.taken()]
  for (const [name, column] of entries) {
    const header = new Bytes()
    header.text(name)
    header.text(column.type)
    chunks.push(header.taken(), ...column.chunks())
  }
  return { columns: entries.map(([name, { type }]) => ({ name, type })), rows, chunks }
}
