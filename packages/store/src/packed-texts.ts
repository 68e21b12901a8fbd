import { isUtf8 } from 'node:buffer'
import type { ByteSource } from '@mcpcat/collector'
import { appendBytes, viewOf, WORD } from './native/copied-bytes.js'

/**
 * Texts by their numbers, one after the other, as bytes: nearly all of them are never text again, and texts that wait
 * would have to be copied while they do.
 */
export class PackedTexts implements ByteSource {
  #bytes: Buffer
  #words: DataView
  #length: number
  #ends: Uint32Array
  #count: number

  /** @param told as {@link told} gives them. */
  constructor({ bytes, ends }: ToldTexts = NONE) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#words = viewOf(this.#bytes)
    this.#length = bytes.length
    this.#ends = ends
    this.#count = ends.length
  }

  /** A copy, for another thread. */
  told(): ToldTexts {
    return { bytes: new Uint8Array(this.#bytes.subarray(0, this.#length)), ends: this.#ends.slice(0, this.#count) }
  }

  push(text: string): void {
    this.#reserve(text.length * MOST_BYTES_OF_UNIT)
    if (text !== '') this.#length += this.#bytes.write(text, this.#length)
    this.#ends[this.#count++] = this.#length
  }

  /** As {@link push}, from bytes; what is no UTF-8 in them is made so. */
  pushUtf8(from: ByteSource, start: number, end: number): void {
    this.#reserve(end - start + WORD)
    const isAscii = appendBytes(from, start, end, this.#bytes, this.#words, this.#length)
    if (!isAscii && !isUtf8(from.bytes.subarray(start, end))) return this.push(from.bytes.toString('utf8', start, end))
    this.#length += end - start
    this.#ends[this.#count++] = this.#length
  }

  text(number: number): string {
    return this.#bytes.toString('utf8', this.start(number), this.#ends[number])
  }

  /** UTF-8 of all of them, and room for more. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** The same bytes. */
  get words(): DataView {
    return this.#words
  }

  /** Bytes of all of them. */
  get length(): number {
    return this.#length
  }

  /** Between which {@link bytes} a text is. */
  start(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] as number)
  }

  end(number: number): number {
    return this.#ends[number] as number
  }

  /** Starts anew; what holds the texts is kept, unless they were uncommonly long. */
  clear(): void {
    if (this.#length > MOST_KEPT_BYTES) this.#hold(Buffer.allocUnsafeSlow(FEW_BYTES))
    this.#length = 0
    this.#count = 0
  }

  #reserve(size: number): void {
    if (this.#count === this.#ends.length) {
      const ends = new Uint32Array(Math.max(this.#count * 2, FEW))
      ends.set(this.#ends)
      this.#ends = ends
    }
    if (this.#length + size <= this.#bytes.length) return
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + size, FEW_BYTES))
    this.#bytes.copy(bytes, 0, 0, this.#length)
    this.#hold(bytes)
  }

  #hold(bytes: Buffer): void {
    this.#bytes = bytes
    this.#words = viewOf(bytes)
  }
}

/** Texts as bytes, and where each of them ends. */
export interface ToldTexts {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly ends: Uint32Array<ArrayBuffer>
}

const NONE: ToldTexts = { bytes: new Uint8Array(0), ends: new Uint32Array(0) }
/** Of UTF-8, for each unit of UTF-16. */
const MOST_BYTES_OF_UNIT = 3
const FEW = 1 << 10
const FEW_BYTES = 1 << 16
const MOST_KEPT_BYTES = 4 * 1024 * 1024
