import { Bytes } from './bytes.js'
import type { Column } from './columns.js'
import { lowCardinality, lowCardinalityPrefix } from './low-cardinality.js'

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
