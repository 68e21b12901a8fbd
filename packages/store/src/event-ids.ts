/**
 * Ids of events, one after the other, as bytes: nearly all of them are never text again, and texts that
 * wait would have to be copied while they do.
 */
export class EventIds {
  #bytes = Buffer.allocUnsafeSlow(1 << 16)
  #length = 0
  /** Where each ends. */
  #ends = new Uint32Array(1 << 10)
  #marks = new Int32Array(1 << 10)
  #count = 0
  /** Those that are more than one byte a character. */
  readonly #others = new Map<number, string>()

  push(id: string): void {
    const { length } = id
    this.#reserve(length)
    const bytes = this.#bytes
    const marked = length - MARKED
    let at = this.#length
    let mark = 0
    let units = 0
    for (let index = 0; index < length; index += 1) {
      const unit = id.charCodeAt(index)
      units |= unit
      bytes[at++] = unit
      if (index >= marked) mark = Math.imul(mark ^ unit, 0x01000193)
    }
    if (units > 0xff) this.#others.set(this.#count, id)
    this.#length = at
    this.#marks[this.#count] = mark
    this.#ends[this.#count++] = at
  }

  text(number: number): string {
    const start = number === 0 ? 0 : (this.#ends[number - 1] as number)
    return this.#others.get(number) ?? this.#bytes.toString('latin1', start, this.#ends[number])
  }

  /** Stands for the id, in 32 bits of what ends it, where ids differ. */
  mark(number: number): number {
    return this.#marks[number] as number
  }

  /** Starts anew; what holds the ids is kept, unless they were uncommonly long. */
  clear(): void {
    if (this.#length > MOST_KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(1 << 16)
    this.#length = 0
    this.#count = 0
    this.#others.clear()
  }

  #reserve(length: number): void {
    if (this.#count === this.#ends.length) {
      const ends = new Uint32Array(this.#count * 2)
      const marks = new Int32Array(this.#count * 2)
      ends.set(this.#ends)
      marks.set(this.#marks)
      this.#ends = ends
      this.#marks = marks
    }
    if (this.#length + length <= this.#bytes.length) return
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + length))
    this.#bytes.copy(bytes, 0, 0, this.#length)
    this.#bytes = bytes
  }
}

/** UTF-16 units: a span id. */
const MARKED = 16
const MOST_KEPT_BYTES = 4 * 1024 * 1024
