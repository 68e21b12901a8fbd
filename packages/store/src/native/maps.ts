import type { ByteSource } from '@mcpcat/collector'
import { Bytes } from './bytes.js'
import type { Column } from './columns.js'
import { lowCardinality, lowCardinalityPrefix } from './low-cardinality.js'
import { TextColumn } from './text-column.js'

/** Alternating names and values. */
export type Pairs = readonly string[]

/** A column of maps, whole or entry by entry. */
export interface MapColumn extends Column<Pairs> {
  /** Of the row that {@link endRow} ends. */
  put(name: string, value: string): void
  putUtf8(name: string, from: ByteSource, start: number, end: number): void
  endRow(): void
}

export function mapColumn(names: 'String' | 'LowCardinality(String)'): MapColumn {
  const offsets = new Bytes()
  const repeating = lowCardinality()
  const plain = new Bytes()
  const values = new TextColumn()
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
        values.push(pairs[index + 1] as string)
      }
      endRow()
    },
    put(key, value) {
      name(key)
      values.push(value)
    },
    putUtf8(key, from, start, end) {
      name(key)
      values.pushUtf8(from, start, end)
    },
    endRow,
    get bytes() {
      return offsets.length + repeating.bytes + plain.length + values.bytes
    },
    chunks: () => [
      ...(isLow ? [lowCardinalityPrefix] : []),
      offsets.taken(),
      ...(isLow ? repeating.chunks() : [plain.taken()]),
      ...values.chunks(),
    ],
    clear() {
      offsets.length = 0
      repeating.clear()
      plain.length = 0
      values.clear()
      count = 0
    },
  }
}
