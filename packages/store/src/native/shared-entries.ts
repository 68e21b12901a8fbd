import { Bytes } from './bytes.js'
import type { Column } from './columns.js'
import { lowCardinalityHeader, lowCardinalityPrefix } from './low-cardinality.js'

/** A column that is given a text for each entry, not for each row. */
export interface EntryColumn extends Omit<Column<never>, 'push'> {
  /** The text of the entry that was added last. */
  add(text: string): void
}

/** Which entry each row has, as a block says it: numbers of so many bytes. */
interface Pointers {
  readonly count: number
  readonly size: 2 | 4
  readonly bytes: Uint8Array
}

/** Says which entry each row has, for columns that are the same in all rows of an entry. */
export class SharedEntries {
  #rows = new Uint32Array(FEW)
  #count = 0
  #entries = 0
  #pointers: Pointers | undefined

  /** Rows. */
  get count(): number {
    return this.#count
  }

  get entries(): number {
    return this.#entries
  }

  /** Of what says which entries the rows have. */
  get bytes(): number {
    return this.#count * this.#rows.BYTES_PER_ELEMENT
  }

  /** @returns the new entry: each column is to be given its text. */
  add(): number {
    return this.#entries++
  }

  /** Adds a row of that entry. */
  push(entry: number): void {
    if (this.#count === this.#rows.length) {
      const grown = new Uint32Array(this.#count * 2)
      grown.set(this.#rows)
      this.#rows = grown
    }
    this.#rows[this.#count++] = entry
  }

  /** The entry of each row. */
  get rows(): Uint32Array {
    return this.#rows.subarray(0, this.#count)
  }

  /** Of all rows; made once for all columns. */
  get pointers(): Pointers {
    if (this.#pointers?.count !== this.#count) this.#pointers = this.#pointersOf()
    return this.#pointers
  }

  #pointersOf(): Pointers {
    const { rows } = this
    const isNarrow = this.#entries <= MOST_OF_TWO_BYTES
    const { buffer, byteOffset, byteLength } = isNarrow ? new Uint16Array(rows) : rows
    return { count: this.#count, size: isNarrow ? 2 : 4, bytes: new Uint8Array(buffer, byteOffset, byteLength) }
  }

  clear(): void {
    this.#count = 0
    this.#entries = 0
    this.#pointers = undefined
  }
}

/**
 * A column whose rows point to their texts, of entries that are few: the engine makes a table of them, which is why it
 * does not matter whether some are equal. Columns of the same entries point to their texts with the same bytes.
 */
export function fewEntriesColumn(shared: SharedEntries): EntryColumn {
  const texts = new Bytes()
  return {
    type: 'LowCardinality(String)',
    add: (text) => texts.text(text),
    get bytes() {
      return texts.length
    },
    chunks() {
      // Of no rows, nothing is written.
      if (shared.count === 0) return [lowCardinalityPrefix]
      const { size, bytes } = shared.pointers
      const [header, count] = lowCardinalityHeader(size, shared.entries, shared.count)
      return [lowCardinalityPrefix, header, texts.taken(), count, bytes]
    },
    clear: () => void (texts.length = 0),
  }
}

/** A column of which every row gets a copy of its text in the end: where entries are many, the engine takes that sooner. */
export function manyEntriesColumn(shared: SharedEntries): EntryColumn {
  const texts = new Bytes()
  const copies = new Bytes()
  let starts = new Uint32Array(FEW)
  let count = 0
  return {
    type: 'String',
    add(text) {
      texts.text(text)
      count += 1
      if (count === starts.length) {
        const grown = new Uint32Array(count * 2)
        grown.set(starts)
        starts = grown
      }
      starts[count] = texts.length
    },
    get bytes() {
      return texts.length + copies.length
    },
    chunks() {
      copies.length = 0
      // Of an empty text, its length is all there is.
      if (texts.length === count) copies.zeros(shared.count)
      else copies.copies(texts, starts, shared.rows)
      return [copies.taken()]
    },
    clear() {
      texts.length = 0
      copies.length = 0
      count = 0
    },
  }
}

const FEW = 1024
const MOST_OF_TWO_BYTES = 1 << 16
