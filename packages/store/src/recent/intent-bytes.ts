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
    const size = texts * HEADER + bytes
    if (this.#length + size <= this.#bytes.length) return
    this.#leaveOut(held)
    const needed = this.#length + size
    const room = this.#bytes.length / needed
    if (room < LEAST_ROOM || room > MOST_ROOM) this.#resize(Math.max(Math.ceil(needed * ROOM), this.#least))
  }

  /** Puts a text, lower-cased as ClickHouse's `lower` does it, of ASCII only, behind the others; {@link keep} keeps it there. */
  put({ bytes: from, words }: ByteSource, start: number, end: number): number {
    this.#words.setUint32(this.#length, end - start, true)
    let at = this.#length + HEADER
    let index = start
    for (; index + 4 <= end; index += 4, at += 4) this.#words.setInt32(at, lowered(words.getInt32(index, true)), true)
    for (; index < end; index += 1) this.#bytes[at++] = lowered(from[index] as number)
    return this.#length
  }

  keep(put: number): void {
    this.#length = this.end(put)
  }

  /** Where the bytes of a text are, by where it was put: a header comes before them. */
  start(put: number): number {
    return put + HEADER
  }

  end(put: number): number {
    return put + HEADER + this.#words.getUint32(put, true)
  }

  /** Which text comes first: below zero when it is the first one. */
  compare(put: number, otherPut: number): number {
    const words = this.#words
    const size = words.getUint32(put, true)
    const otherSize = words.getUint32(otherPut, true)
    const start = put + HEADER
    const otherStart = otherPut + HEADER
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

  /** Moves what is held to the front, in its order: where else would it be that does not take as much memory again? */
  #leaveOut(held: () => Iterable<MovableBytes>): void {
    const words = this.#words
    for (const each of held()) {
      each.move((put) => {
        words.setUint32(put, words.getUint32(put, true) | HELD, true)
        return put
      })
    }
    let length = 0
    for (let at = 0; at < this.#length;) {
      const size = words.getUint32(at, true)
      const next = at + HEADER + (size & ~HELD)
      if (size & HELD) {
        words.setUint32(at + NEW_PLACE, length, true)
        length += next - at
      }
      at = next
    }
    for (const each of held()) each.move((put) => words.getUint32(put + NEW_PLACE, true))
    this.#moveHeld()
    this.#length = length
  }

  /** To their new places; those that are beside each other, at once. */
  #moveHeld(): void {
    const words = this.#words
    let from = 0
    let to = 0
    let at = 0
    const moveUntilHere = (): void => {
      if (from !== to) this.#bytes.copyWithin(to, from, at)
      to += at - from
    }
    while (at < this.#length) {
      const size = words.getUint32(at, true)
      const next = at + HEADER + (size & ~HELD)
      if (size & HELD) words.setUint32(at, size & ~HELD, true)
      else {
        moveUntilHere()
        from = next
      }
      at = next
    }
    moveUntilHere()
  }

  #resize(size: number): void {
    const before = this.#bytes
    this.#bytes = Buffer.allocUnsafeSlow(size)
    this.#words = viewOf(this.#bytes)
    before.copy(this.#bytes, 0, 0, this.#length)
  }
}

/** What holds some of {@link IntentBytes}. */
export interface MovableBytes {
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
/** For so many times what is held there is room, at least and at most, and when there is room for more or less than that. */
const LEAST_ROOM = 1.25
const ROOM = 1.5
const MOST_ROOM = 4
/** Bytes before a text: its size, and where it goes while all are moved. */
const HEADER = 8
const NEW_PLACE = 4
/** Beside the size of a text, while all are moved. */
const HELD = 0x80000000
const ANY_NOT_ASCII = 0x80808080 | 0
const SEVEN_BITS = 0x7f7f7f7f
/** 128 less the letter A, and less what follows Z, in each byte. */
const FROM_A = 0x3f3f3f3f
const FROM_BEHIND_Z = 0x25252525
