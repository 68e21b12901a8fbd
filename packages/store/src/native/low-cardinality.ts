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
/** Keys are in the block (bit 9), and the dictionary starts anew (bit 10). */
const LOW_CARDINALITY_FLAGS = (1 << 9) | (1 << 10)
/** What positions of so many bytes are called in the flags. */
const POSITIONS = { 2: 1, 4: 2 } as const

/** @returns what stands before the keys, and what stands between them and the rows' positions. */
export function lowCardinalityHeader(
  size: keyof typeof POSITIONS,
  keys: number,
  rows: number,
): [Uint8Array, Uint8Array] {
  const header = new Bytes()
  header.uint64(LOW_CARDINALITY_FLAGS | POSITIONS[size])
  header.uint64(keys)
  const count = new Bytes()
  count.uint64(rows)
  return [header.taken(), count.taken()]
}

export interface LowCardinality extends Omit<Column<string>, 'type'> {
  /** @param values that are not changed: the list is recognized when it comes again. */
  pushAll(values: readonly string[]): void
}

export function lowCardinality(): LowCardinality {
  const positions = new Map<string, number>()
  const keys = new Bytes()
  let rows = new Uint32Array(FEW)
  let count = 0
  // Mostly a value is the one of the row before.
  let last: string | undefined
  let lastPosition = 0
  /** Where the rows of lists are that came before. */
  const placesOfLists = new Map<readonly string[], number>()
  let lastList: readonly string[] | undefined
  let lastPlace = 0

  function placeOfList(values: readonly string[]): number | undefined {
    if (values === lastList) return lastPlace
    const place = placesOfLists.get(values)
    if (place === undefined) {
      if (placesOfLists.size < MOST_LISTS) placesOfLists.set(values, count)
      return undefined
    }
    lastList = values
    lastPlace = place
    return place
  }

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

  function reserve(more: number): void {
    if (count + more <= rows.length) return
    const grown = new Uint32Array(Math.max(rows.length * 2, count + more))
    grown.set(rows)
    rows = grown
  }

  return {
    get bytes() {
      return keys.length + count * 4
    },
    push(value) {
      reserve(1)
      rows[count++] = value === last ? lastPosition : positionOf(value)
    },
    pushAll(values) {
      const place = placeOfList(values)
      reserve(values.length)
      for (let index = 0; index < values.length; index += 1) {
        rows[count++] = place === undefined ? positionOf(values[index] as string) : (rows[place + index] as number)
      }
    },
    chunks() {
      // Of no rows, nothing is written.
      if (count === 0) return []
      const [header, rowCount] = lowCardinalityHeader(4, positions.size, count)
      return [header, keys.taken(), rowCount, new Uint8Array(rows.buffer, 0, count * 4)]
    },
    clear() {
      positions.clear()
      placesOfLists.clear()
      lastList = undefined
      keys.length = 0
      count = 0
      last = undefined
    },
  }
}

const FEW = 1024
/** Lists that are recognized in a block. */
const MOST_LISTS = 1000
