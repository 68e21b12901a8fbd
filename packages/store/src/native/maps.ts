import type { ByteSource } from '@mcpcat/collector'
import { Bytes } from './bytes.js'
import type { Column } from './columns.js'
import { LowCardinality, lowCardinalityPrefix } from './low-cardinality.js'

/** Alternating names and values. */
export type Pairs = readonly string[]

/** A column of maps, whole or value by value. */
export class MapColumn implements Column<Pairs> {
  readonly type: string
  readonly #isLow: boolean
  /** Of each row, where it ends, in eight bytes. */
  #ends = new Uint32Array(FEW * 2)
  #rows = 0
  #entries = 0
  readonly #repeating = new LowCardinality()
  readonly #plain = new Bytes()
  readonly #values = new Bytes()
  // Lists that are the one of the row before are counted, and written together.
  #last: Pairs | undefined
  #lastName = 0
  #lastValue = 0
  #again = 0

  constructor(names: 'String' | 'LowCardinality(String)') {
    this.type = `Map(${names}, String)`
    this.#isLow = names !== 'String'
  }

  /** @param pairs that are not changed: the list is recognized when it comes again. */
  push(pairs: Pairs): void {
    if (pairs === this.#last) this.#again += 1
    else this.#pushOther(pairs)
  }

  /**
   * Starts a row of so many entries, which is then given its values in the same order.
   *
   * @param names all different. The list is not changed: it is recognized when it comes again.
   */
  startRow(names: readonly string[]): void {
    if (this.#last) this.#leaveLast()
    if (this.#isLow) this.#repeating.pushAll(names)
    else for (const text of names) this.#plain.text(text)
    this.#endRow(names.length)
  }

  put(value: string): void {
    this.#values.text(value)
  }

  putUtf8(from: ByteSource, start: number, end: number): void {
    this.#values.utf8(from, start, end)
  }

  get bytes(): number {
    this.#leaveLast()
    return this.#rows * 8 + this.#repeating.bytes + this.#plain.length + this.#values.length
  }

  chunks(): Uint8Array[] {
    this.#leaveLast()
    return [
      ...(this.#isLow ? [lowCardinalityPrefix] : []),
      new Uint8Array(this.#ends.buffer, 0, this.#rows * 8),
      ...(this.#isLow ? this.#repeating.chunks() : [this.#plain.taken()]),
      this.#values.taken(),
    ]
  }

  clear(): void {
    this.#rows = 0
    this.#entries = 0
    this.#repeating.clear()
    this.#plain.length = 0
    this.#values.length = 0
    this.#last = undefined
    this.#again = 0
  }

  #pushOther(pairs: Pairs): void {
    this.#leaveLast()
    this.#last = pairs
    this.#lastName = this.#plain.length
    this.#lastValue = this.#values.length
    for (let index = 0; index < pairs.length; index += 2) {
      if (this.#isLow) this.#repeating.push(pairs[index] as string)
      else this.#plain.text(pairs[index] as string)
      this.#values.text(pairs[index + 1] as string)
    }
    this.#endRow(pairs.length / 2)
  }

  /** Writes the rows that were the same, and begins anew. */
  #leaveLast(): void {
    const again = this.#again
    const entries = (this.#last?.length ?? 0) / 2
    this.#last = undefined
    if (again === 0) return
    this.#again = 0
    if (entries > 0) {
      if (this.#isLow) this.#repeating.repeat(entries, again)
      else this.#plain.repeat(this.#lastName, again)
      this.#values.repeat(this.#lastValue, again)
    }
    for (let row = 0; row < again; row += 1) this.#endRow(entries)
  }

  #endRow(entries: number): void {
    this.#entries += entries
    const at = this.#rows * 2
    if (at === this.#ends.length) {
      const grown = new Uint32Array(at * 2)
      grown.set(this.#ends)
      this.#ends = grown
    }
    this.#ends[at] = this.#entries
    this.#rows += 1
  }
}

const FEW = 512

export function mapColumn(names: 'String' | 'LowCardinality(String)'): MapColumn {
  return new MapColumn(names)
}
