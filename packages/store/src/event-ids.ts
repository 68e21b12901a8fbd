/**
 * Ids of events, one after the other, as bytes: nearly all of them are never text again, and texts that
 * wait would have to be copied while they do.
 */
export class EventIds {
  #bytes = Buffer.allocUnsafeSlow(1 << 16)
  #length = 0
  /** Where each ends. */
  #ends = new Uint32Array(1 << 10)
  #count = 0

  /** @param bytes, ends as {@link told} gives them. */
  static heard({ bytes, ends }: ToldIds): EventIds {
    const ids = new EventIds()
    ids.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    ids.#length = bytes.length
    ids.#ends = ends
    ids.#count = ends.length
    return ids
  }

  /** A copy, for another thread. */
  told(): ToldIds {
    return { bytes: new Uint8Array(this.#bytes.subarray(0, this.#length)), ends: this.#ends.slice(0, this.#count) }
  }

  push(id: string): void {
    this.#reserve(id.length * 3)
    this.#length += this.#bytes.write(id, this.#length)
    this.#ends[this.#count++] = this.#length
  }

  text(number: number): string {
    return this.#bytes.toString('utf8', this.#start(number), this.#ends[number])
  }

  /** Stands for the id, in 32 bits of what ends it, where ids differ. */
  mark(number: number): number {
    const bytes = this.#bytes
    const end = this.#ends[number] as number
    let mark = 0
    for (let at = Math.max(this.#start(number), end - MARKED); at < end; at += 1) {
      mark = Math.imul(mark ^ (bytes[at] as number), 0x01000193)
    }
    return mark
  }

  /** Starts anew; what holds the ids is kept, unless they were uncommonly long. */
  clear(): void {
    if (this.#length > MOST_KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(1 << 16)
    this.#length = 0
    this.#count = 0
  }

  #start(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] as number)
  }

  #reserve(size: number): void {
    if (this.#count === this.#ends.length) {
      const ends = new Uint32Array(this.#count * 2)
      ends.set(this.#ends)
      this.#ends = ends
    }
    if (this.#length + size <= this.#bytes.length) return
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + size))
    this.#bytes.copy(bytes, 0, 0, this.#length)
    this.#bytes = bytes
  }
}

/** Ids as bytes, and where each of them ends. */
export interface ToldIds {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly ends: Uint32Array<ArrayBuffer>
}

/** Bytes: a span id. */
const MARKED = 16
const MOST_KEPT_BYTES = 4 * 1024 * 1024
