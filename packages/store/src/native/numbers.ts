import type { Column } from './columns.js'

/** @param size of a value, in bytes. */
function fixedColumn<Value>(
  type: string,
  size: number,
  write: (bytes: Buffer, value: Value, at: number) => void,
): Column<Value> {
  let buffer = Buffer.allocUnsafeSlow(1 << 10)
  let length = 0
  return {
    type,
    push(value) {
      if (length + size > buffer.length) {
        const grown = Buffer.allocUnsafeSlow(buffer.length * 2)
        buffer.copy(grown, 0, 0, length)
        buffer = grown
      }
      write(buffer, value, length)
      length += size
    },
    get bytes() {
      return length
    },
    chunks: () => [buffer.subarray(0, length)],
    clear: () => void (length = 0),
  }
}

export function uint8Column(): Column<number> {
  return fixedColumn('UInt8', 1, (bytes, value, at) => void (bytes[at] = value))
}

export function uint32Column(): Column<number> {
  return fixedColumn('UInt32', 4, (bytes, value, at) => void bytes.writeUInt32LE(value, at))
}

export function float32Column(): Column<number> {
  return fixedColumn('Float32', 4, (bytes, value, at) => void bytes.writeFloatLE(value, at))
}

/** Where each row's part of what lies below ends: of arrays, by the number of values so far. */
export function offsets(): Column<number> {
  return fixedColumn('UInt64', 8, (bytes, value, at) => {
    // No block has more values than fit into half of it.
    bytes.writeUInt32LE(value, at)
    bytes.writeUInt32LE(0, at + 4)
  })
}
