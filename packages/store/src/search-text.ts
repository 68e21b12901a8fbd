import { Bytes } from './native/bytes.js'
import type { Column } from './native/columns.js'
import { viewOf } from './native/copied-bytes.js'

/**
 * What a session is found by, in UTF-8: it is most of a row, and goes as bytes into its hash and its column. Texts are
 * lower-cased, one in each line.
 */
export class SearchText {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FEW)
  #words = viewOf(this.#bytes)
  #length = 0

  /** With room for the line that was begun. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** The same bytes. */
  get words(): DataView {
    return this.#words
  }

  get length(): number {
    return this.#length
  }

  /** Adds a text; of an empty one, nothing. */
  add(text: string): void {
    if (text === '') return
    const lower = text.toLowerCase()
    let at = this.beginLine(lower.length * MOST_BYTES_OF_UNIT)
    const bytes = this.#bytes
    let units = 0
    if (lower.length <= SHORT) {
      for (let index = 0; index < lower.length; index += 1) {
        const unit = lower.charCodeAt(index)
        units |= unit
        bytes[at++] = unit
      }
      if (units < NOT_ASCII) {
        this.#length = at
        return
      }
    }
    this.#length += bytes.write(lower, this.#length)
  }

  /** @returns where a line begins that takes at most so many bytes; {@link endLine} tells where it ends. */
  beginLine(most: number): number {
    const needed = this.#length + most + 1
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, needed))
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
      this.#words = viewOf(grown)
    }
    if (this.#length > 0) this.#bytes[this.#length++] = LINE_END
    return this.#length
  }

  endLine(at: number): void {
    this.#length = at
  }

  /** With its length before it, as in the engine's columns. */
  writeTo(into: Bytes): void {
    into.varint(this.#length)
    into.reserve(this.#length)
    into.length += this.#bytes.copy(into.buffer, into.length, 0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }
}

export function searchColumn(): Column<SearchText> {
  const bytes = new Bytes()
  return {
    type: 'String',
    push: (value) => value.writeTo(bytes),
    get bytes() {
      return bytes.length
    },
    chunks: () => [bytes.taken()],
    clear: () => void (bytes.length = 0),
  }
}

const FEW = 1 << 12
/** Of UTF-8, for each unit of UTF-16. */
const MOST_BYTES_OF_UNIT = 3
/** Of so few units, a loop over them costs less than a call. */
const SHORT = 32
const NOT_ASCII = 0x80
const LINE_END = 0x0a
