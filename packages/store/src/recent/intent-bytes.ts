import type { ByteSource } from '@mcpcat/collector'
import { viewOf } from '../native/copied-bytes.js'

/**
 * UTF-8 of the intents that are held, one after the other: as texts, they would be most of what V8 looks through for
 * garbage. What is held no more is left out when room is needed.
 */
export class IntentBytes implements ByteSource {
  #bytes: Buffer
  #words: DataView
  #length = 0
  readonly #least: number

  /** @param least bytes that there is room for. */
  constructor(least: number = LEAST) {
    this.#least = least
    this.#bytes = Buffer.allocUnsafeSlow(least)
    this.#words = viewOf(this.#bytes)
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  /** The same bytes. */
  get words(): DataView {
    return this.#words
  }

  /**
   * Makes room for so many more texts, and so many bytes of them.
   *
   * @param held all that hold some of it, anew each time.
   */
  reserve(texts: number, bytes: number, held: () => Iterable<MovableBytes>): void {
    const size = texts * SIZE + bytes
    if (this.#length + size <= this.#bytes.length) return
    let kept = 0
    for (const each of held()) kept += each.bytes
    const before = { bytes: this.#bytes, words: this.#words }
    this.#bytes = Buffer.allocUnsafeSlow(Math.max((kept + size) * 2, this.#least))
    this.#words = viewOf(this.#bytes)
    this.#length = 0
    for (const each of held()) each.move((put) => this.#moved(before, put))
  }

  /** Puts a text, lower-cased as ClickHouse's `lower` does it, of ASCII only, behind the others; {@link keep} keeps it there. */
  put({ bytes: from, words }: ByteSource, start: number, end: number): number {
    this.#words.setUint32(this.#length, end - start, true)
    let at = this.#length + SIZE
    let index = start
    for (; index + 4 <= end; index += 4, at += 4) this.#words.setInt32(at, lowered(words.getInt32(index, true)), true)
    for (; index < end; index += 1) this.#bytes[at++] = lowered(from[index] as number)
    return this.#length
  }

  keep(put: number): void {
    this.#length = this.end(put)
  }

  /** Where the bytes of a text are, by where it was put: its size comes before them. */
  start(put: number): number {
    return put + SIZE
  }

  end(put: number): number {
    return put + SIZE + this.#words.getUint32(put, true)
  }

  /** Which text comes first: below zero when it is the first one. */
  compare(put: number, otherPut: number): number {
    const words = this.#words
    const size = words.getUint32(put, true)
    const otherSize = words.getUint32(otherPut, true)
    const start = put + SIZE
    const otherStart = otherPut + SIZE
    const least = Math.min(size, otherSize)
    let at = 0
    while (at + 4 <= least && words.getInt32(start + at, true) === words.getInt32(otherStart + at, true)) at += 4
    const bytes = this.#bytes
    for (; at < least; at += 1) {
      const difference = (bytes[start + at] as number) - (bytes[otherStart + at] as number)
      if (difference !== 0) return difference
    }
    return size - otherSize
  }

  #moved(from: ByteSource, put: number): number {
    const at = this.#length
    const size = SIZE + from.words.getUint32(put, true)
    this.#length += from.bytes.copy(this.#bytes, at, put, put + size)
    return at
  }
}

/** What holds some of {@link IntentBytes}. */
export interface MovableBytes {
  /** So many. */
  readonly bytes: number
  /** @param moved gives the new place of a text, by where it was put. */
  move(moved: (put: number) => number): void
}

/** Four bytes at once, those of capital letters lower-cased: where adding up to 128 carries from A on, but not from behind Z. */
function lowered(word: number): number {
  const bits = word & SEVEN_BITS
  const isCapital = (bits + FROM_A) & ~(bits + FROM_BEHIND_Z) & ~word & ANY_NOT_ASCII
  return word | (isCapital >>> 2)
}

const LEAST = 1 << 20
/** Bytes of a text's size. */
const SIZE = 4
const ANY_NOT_ASCII = 0x80808080 | 0
const SEVEN_BITS = 0x7f7f7f7f
/** 128 less the letter A, and less what follows Z, in each byte. */
const FROM_A = 0x3f3f3f3f
const FROM_BEHIND_Z = 0x25252525
