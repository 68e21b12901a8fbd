import type { ByteSource } from '@mcpcat/collector'
import { Bytes } from './bytes.js'
import type { Column } from './columns.js'
import { lowCardinality, lowCardinalityPrefix } from './low-cardinality.js'

/** Alternating names and values. */
export type Pairs = readonly string[]

/** A column of maps, whole or value by value. */
export interface MapColumn extends Column<Pairs> {
  /**
   * Starts a row of so many entries, which is then given its values in the same order.
   *
   * @param names all different. The list is not changed: it is recognized when it comes again.
   */
  startRow(names: readonly string[]): void
  put(value: string): void
  putUtf8(from: ByteSource, start: number, end: number): void
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
  }

  function countRow(entries: number): void {
    count += entries
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
      countRow(pairs.length / 2)
    },
    startRow(list) {
      if (isLow) repeating.pushAll(list)
      else for (const text of list) plain.text(text)
      countRow(list.length)
    },
    put: (value) => values.text(value),
    putUtf8: (from, start, end) => values.utf8(from, start, end),
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
