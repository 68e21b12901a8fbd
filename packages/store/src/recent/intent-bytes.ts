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
   * Makes room for so many more bytes.
   *
   * @param held all that hold some of it, anew each time.
   */
  reserve(size: number, held: () => Iterable<MovableBytes>): void {
    if (this.#length + size <= this.#bytes.length) return
    let kept = 0
    for (const each of held()) kept += each.bytes
    const before = this.#bytes
    this.#bytes = Buffer.allocUnsafeSlow(Math.max((kept + size) * 2, this.#least))
    this.#words = viewOf(this.#bytes)
    this.#length = 0
    for (const each of held()) each.move((start, end) => this.#copied(before, start, end))
  }

  /** Puts a text, lower-cased as ClickHouse's `lower` does it, of ASCII only, behind the others; {@link keep} keeps it there. */
  put({ bytes: from, words }: ByteSource, start: number, end: number): number {
    let at = this.#length
    let index = start
    for (; index + 4 <= end; index += 4, at += 4) this.#words.setInt32(at, lowered(words.getInt32(index, true)), true)
    for (; index < end; index += 1) this.#bytes[at++] = lowered(from[index] as number)
    return this.#length
  }

  keep(size: number): void {
    this.#length += size
  }

  /** Which text comes first: below zero when it is the first one. */
  compare(start: number, size: number, otherStart: number, otherSize: number): number {
    const words = this.#words
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

  #copied(from: Buffer, start: number, end: number): number {
    const at = this.#length
    from.copy(this.#bytes, at, start, end)
    this.#length += end - start
    return at
  }
}

/** What holds some of {@link IntentBytes}. */
export interface MovableBytes {
  /** So many. */
  readonly bytes: number
  /** @param moved gives the new start of what is between two places. */
  move(moved: (start: number, end: number) => number): void
}

/** Four bytes at once, those of capital letters lower-cased: where adding up to 128 carries from A on, but not from behind Z. */
function lowered(word: number): number {
  const bits = word & SEVEN_BITS
  const isCapital = (bits + FROM_A) & ~(bits + FROM_BEHIND_Z) & ~word & ANY_NOT_ASCII
  return word | (isCapital >>> 2)
}

const LEAST = 1 << 20
const ANY_NOT_ASCII = 0x80808080 | 0
const SEVEN_BITS = 0x7f7f7f7f
/** 128 less the letter A, and less what follows Z, in each byte. */
const FROM_A = 0x3f3f3f3f
const FROM_BEHIND_Z = 0x25252525
