import type { ByteSource } from '@mcpcat/collector'
import { Bytes } from './bytes.js'
import type { Column } from './columns.js'

/** A column of texts of which most are empty: rows that are given none cost nothing one by one. */
export class SparseTextColumn implements Omit<Column<never>, 'push'> {
  readonly type = 'String'
  readonly #written = new Bytes()
  readonly #rows: { readonly count: number }
  #count = 0

  /** @param rows how many there are so far, the one that is given a text being the last. */
  constructor(rows: { readonly count: number }) {
    this.#rows = rows
  }

  put(text: string): void {
    this.#leaveEmpty(this.#rows.count - 1)
    this.#written.text(text)
    this.#count += 1
  }

  /** A text from its bytes; what is no UTF-8 in them is made so. */
  putUtf8(from: ByteSource, start: number, end: number): void {
    this.#leaveEmpty(this.#rows.count - 1)
    this.#written.utf8(from, start, end)
    this.#count += 1
  }

  get bytes(): number {
    return this.#written.length
  }

  chunks(): Uint8Array[] {
    this.#leaveEmpty(this.#rows.count)
    return [this.#written.taken()]
  }

  clear(): void {
    this.#written.length = 0
    this.#count = 0
  }

  /** All rows before this one that were given none. */
  #leaveEmpty(row: number): void {
    this.#written.zeros(row - this.#count)
    this.#count = row
  }
}
