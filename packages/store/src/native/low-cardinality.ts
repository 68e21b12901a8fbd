import { Bytes } from './bytes.js'
import type { Column } from './columns.js'

/** Values that repeat: each is written once, and rows point to it. */
export function lowCardinalityColumn(): Column<string> {
  return new LowCardinalityColumn()
}

class LowCardinalityColumn implements Column<string> {
  readonly type = 'LowCardinality(String)'
  readonly #rows = new LowCardinality()

  push(value: string): void {
    this.#rows.push(value)
  }

  get bytes(): number {
    return this.#rows.bytes
  }

  chunks(): Uint8Array[] {
    return [lowCardinalityPrefix, ...this.#rows.chunks()]
  }

  clear(): void {
    this.#rows.clear()
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

/** The rows of a column of values that repeat. */
export class LowCardinality {
  readonly #positions = new Map<string, number>()
  readonly #keys = new Bytes()
  #rows = new Uint32Array(FEW)
  #count = 0
  // Mostly a value is the one of the row before: such rows are counted, and written together.
  #last: string | undefined
  #lastPosition = 0
  #again = 0
  /** Where the rows of lists are that came before. */
  readonly #placesOfLists = new Map<readonly string[], number>()
  #lastList: readonly string[] | undefined
  #lastPlace = 0

  get bytes(): number {
    return this.#keys.length + (this.#count + this.#again) * 4
  }

  push(value: string): void {
    if (value === this.#last) this.#again += 1
    else this.#pushOther(value)
  }

  /** @param values that are not changed: the list is recognized when it comes again. */
  pushAll(values: readonly string[]): void {
    this.#writeAgain()
    const place = this.#placeOfList(values)
    this.#reserve(values.length)
    const rows = this.#rows
    let count = this.#count
    for (let index = 0; index < values.length; index += 1) {
      rows[count++] = place < 0 ? this.#positionOf(values[index] as string) : (rows[place + index] as number)
    }
    this.#count = count
  }

  /** What was pushed last, so many values, so many times more. */
  repeat(values: number, times: number): void {
    this.#writeAgain()
    this.#reserve(values * times)
    const end = this.#count + values * times
    for (let at = this.#count; at < end; at += 1) this.#rows[at] = this.#rows[at - values] as number
    this.#count = end
  }

  chunks(): Uint8Array[] {
    this.#writeAgain()
    // Of no rows, nothing is written.
    if (this.#count === 0) return []
    const [header, rowCount] = lowCardinalityHeader(4, this.#positions.size, this.#count)
    return [header, this.#keys.taken(), rowCount, new Uint8Array(this.#rows.buffer, 0, this.#count * 4)]
  }

  clear(): void {
    this.#positions.clear()
    this.#placesOfLists.clear()
    this.#lastList = undefined
    this.#keys.length = 0
    this.#count = 0
    this.#last = undefined
    this.#again = 0
  }

  #pushOther(value: string): void {
    this.#writeAgain()
    this.#reserve(1)
    this.#last = value
    this.#rows[this.#count++] = this.#lastPosition = this.#positionOf(value)
  }

  #writeAgain(): void {
    const again = this.#again
    if (again === 0) return
    this.#reserve(again)
    this.#rows.fill(this.#lastPosition, this.#count, this.#count + again)
    this.#count += again
    this.#again = 0
  }

  /** Negative where it did not come before. */
  #placeOfList(values: readonly string[]): number {
    if (values === this.#lastList) return this.#lastPlace
    const place = this.#placesOfLists.get(values)
    if (place === undefined) {
      if (this.#placesOfLists.size < MOST_LISTS) this.#placesOfLists.set(values, this.#count)
      return -1
    }
    this.#lastList = values
    this.#lastPlace = place
    return place
  }

  #positionOf(value: string): number {
    const known = this.#positions.get(value)
    if (known !== undefined) return known
    const position = this.#positions.size
    this.#positions.set(value, position)
    this.#keys.text(value)
    return position
  }

  #reserve(more: number): void {
    if (this.#count + more <= this.#rows.length) return
    const grown = new Uint32Array(Math.max(this.#rows.length * 2, this.#count + more))
    grown.set(this.#rows)
    this.#rows = grown
  }
}

const FEW = 1024
/** Lists that are recognized in a block. */
const MOST_LISTS = 1000
