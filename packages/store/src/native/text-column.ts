import type { ByteSource } from '@mcpcat/collector'
import { Bytes } from './bytes.js'
import type { Column } from './columns.js'

/**
 * A column of texts. They are written some hundred at a time: a loop over those of one column costs half
 * of what it costs to write each between those of all other columns.
 */
export class TextColumn implements Column<string> {
  readonly type = 'String'
  readonly #written = new Bytes()
  /** Texts as they are, or where their bytes are: the start is negative where there is a text. */
  readonly #texts: string[] = Array.from({ length: AT_ONCE }, () => '')
  readonly #starts = new Int32Array(AT_ONCE)
  readonly #ends = new Int32Array(AT_ONCE)
  #from: ByteSource | undefined
  #waiting = 0

  push(value: string): void {
    if (this.#waiting === AT_ONCE) this.#write()
    this.#starts[this.#waiting] = -1
    this.#texts[this.#waiting++] = value
  }

  /** A value from its bytes, which are left alone until the column is asked for its own; what is no UTF-8 in them is made so. */
  pushUtf8(from: ByteSource, start: number, end: number): void {
    if (this.#waiting === AT_ONCE || this.#from !== from) {
      this.#write()
      this.#from = from
    }
    this.#starts[this.#waiting] = start
    this.#ends[this.#waiting++] = end
  }

  /** As {@link pushUtf8}, from bytes that are not left alone. */
  pushUtf8Now(from: ByteSource, start: number, end: number): void {
    if (this.#waiting > 0) this.#write()
    this.#written.utf8(from, start, end)
  }

  get bytes(): number {
    this.#write()
    return this.#written.length
  }

  chunks(): Uint8Array[] {
    this.#write()
    return [this.#written.taken()]
  }

  clear(): void {
    this.#write()
    this.#written.length = 0
  }

  #write(): void {
    const written = this.#written
    const from = this.#from
    for (let index = 0; index < this.#waiting; index += 1) {
      const start = this.#starts[index] as number
      if (start < 0) {
        written.text(this.#texts[index] as string)
        // It may be large.
        this.#texts[index] = ''
      } else written.utf8(from as ByteSource, start, this.#ends[index] as number)
    }
    this.#waiting = 0
    this.#from = undefined
  }
}

const AT_ONCE = 256
