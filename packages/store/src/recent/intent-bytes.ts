/**
 * UTF-8 of the intents that are held, one after the other: as texts, they would be most of what V8 looks through for
 * garbage. What is held no more is left out when room is needed.
 */
export class IntentBytes {
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
  put(from: Buffer, start: number, end: number): number {
    const bytes = this.#bytes
    let at = this.#length
    for (let index = start; index < end; index += 1) {
      const byte = from[index] as number
      bytes[at++] = byte >= A && byte <= Z ? byte | LOWER : byte
    }
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

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

const LEAST = 1 << 20
const A = 0x41
const Z = 0x5a
const LOWER = 0x20
