import { Bytes } from './bytes.js'
import type { Column } from './columns.js'

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

/** Version of the serialization: shared dictionaries with additional keys. */
export const lowCardinalityPrefix: Uint8Array = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0])
/** Keys are in the block (bit 9), the dictionary starts anew (bit 10), and positions are UInt32 (2). */
const LOW_CARDINALITY_FLAGS = (1 << 9) | (1 << 10) | 2

export function lowCardinality(): Omit<Column<string>, 'type'> {
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
