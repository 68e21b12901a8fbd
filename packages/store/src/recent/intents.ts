import type { ByteSource } from '@mcpcat/collector'
import { copyBytes } from '../native/copied-bytes.js'
import type { SearchText } from '../search-text.js'
import type { IntentBytes, MovableBytes } from './intent-bytes.js'

const MOST_BYTES = 20_000

/** Intents as `fragments.sql` has them: lower-cased, each once, in order of their bytes. */
export class Intents implements MovableBytes {
  readonly #in: IntentBytes
  /** Start and size of each, in order. */
  #places: number[] = []
  /** Of those that wait to be put in order, where there are many. */
  #waiting: number[] = NONE

  /** @param bytes where they are. */
  constructor(bytes: IntentBytes) {
    this.#in = bytes
  }

  /** Adds one from other bytes; there must be room for it. */
  add(from: ByteSource, start: number, end: number): void {
    const size = end - start
    if (this.#insert(this.#in.put(from, start, end), size)) this.#in.keep(size)
  }

  addAll(of: Intents): void {
    const places = of.#settled()
    for (let at = 0; at < places.length; at += 2) this.#insert(places[at] as number, places[at + 1] as number)
  }

  /** A copy that may be added to. */
  copy(): Intents {
    const copy = new Intents(this.#in)
    copy.#places = this.#settled().slice()
    return copy
  }

  /** All of them, a line each, cut after so many bytes. */
  get text(): string {
    const places = this.#settled()
    const { bytes } = this.#in
    let length = 0
    for (let at = 0; at < places.length && length <= MOST_BYTES; at += 2) {
      if (at > 0) lines[length++] = LINE_END
      const start = places[at] as number
      length += bytes.copy(lines, length, start, start + (places[at + 1] as number))
    }
    return lines.toString('utf8', 0, Math.min(length, MOST_BYTES))
  }

  /** Adds all of them, as {@link text} has them. */
  addTo(search: SearchText): void {
    const places = this.#settled()
    if (places.length === 0) return
    const size = this.bytes + places.length / 2
    if (size > MOST_BYTES) return search.add(this.text)
    const before = search.length
    let at = search.beginLine(size)
    let isAscii = true
    for (let index = 0; index < places.length; index += 2) {
      if (index > 0) search.bytes[at++] = LINE_END
      const length = places[index + 1] as number
      const start = places[index] as number
      if (!copyBytes(this.#in, start, start + length, search.bytes, search.words, at)) isAscii = false
      at += length
    }
    // What else can be lower-cased, texts know.
    if (isAscii) search.endLine(at)
    else {
      search.endLine(before)
      search.add(this.text)
    }
  }

  get bytes(): number {
    let bytes = 0
    for (let at = 1; at < this.#places.length; at += 2) bytes += this.#places[at] as number
    for (let at = 1; at < this.#waiting.length; at += 2) bytes += this.#waiting[at] as number
    return bytes
  }

  move(moved: (start: number, end: number) => number): void {
    for (const places of [this.#places, this.#waiting]) {
      for (let at = 0; at < places.length; at += 2) {
        const start = places[at] as number
        places[at] = moved(start, start + (places[at + 1] as number))
      }
    }
  }

  /** False when it is there already. */
  #insert(start: number, size: number): boolean {
    const places = this.#places
    if (places.length > MANY * 2) return this.#wait(start, size)
    let low = 0
    let high = places.length / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.#in.compare(start, size, places[middle * 2] as number, places[middle * 2 + 1] as number)
      if (order === 0) return false
      if (order > 0) low = middle + 1
      else high = middle
    }
    if (low * 2 === places.length) places.push(start, size)
    else places.splice(low * 2, 0, start, size)
    return true
  }

  #wait(start: number, size: number): boolean {
    if (this.#waiting === NONE) this.#waiting = []
    this.#waiting.push(start, size)
    if (this.#waiting.length > this.#places.length) this.#settled()
    return true
  }

  #settled(): readonly number[] {
    if (this.#waiting.length === 0) return this.#places
    const all = [...this.#places, ...this.#waiting]
    const order = Array.from({ length: all.length / 2 }, (_, index) => index * 2)
    const compared = (a: number, b: number): number =>
      this.#in.compare(all[a] as number, all[a + 1] as number, all[b] as number, all[b + 1] as number)
    order.sort(compared)
    const places: number[] = []
    for (const [index, at] of order.entries()) {
      if (index > 0 && compared(order[index - 1] as number, at) === 0) continue
      places.push(all[at] as number, all[at + 1] as number)
    }
    this.#places = places
    this.#waiting = NONE
    return places
  }
}

const NONE: number[] = []
/** Among more of them, putting each into its place costs more than putting many in order now and then. */
const MANY = 1000
const LINE_END = 0x0a
/** Of one text, while it is put together: what is more than may be, is cut off. */
const lines = Buffer.allocUnsafeSlow(MOST_BYTES + 1)
