import type { ByteSource } from '@mcpcat/collector'
import { copyBytes } from '../native/copied-bytes.js'
import type { SearchText } from '../search-text.js'
import type { IntentBytes, MovableBytes } from './intent-bytes.js'

const MOST_BYTES = 20_000

/** Intents as `fragments.sql` has them: lower-cased, each once, in order of their bytes. */
export class Intents implements MovableBytes {
  readonly #in: IntentBytes
  /** Where each was put, in order. */
  #places: number[] = []
  /** Of those that wait to be put in order, where there are many. */
  #waiting: number[] = NONE

  /** @param bytes where they are. */
  constructor(bytes: IntentBytes) {
    this.#in = bytes
  }

  /** Adds one from other bytes; there must be room for it. */
  add(from: ByteSource, start: number, end: number): void {
    const put = this.#in.put(from, start, end)
    if (this.#insert(put)) this.#in.keep(put)
  }

  addAll(of: Intents): void {
    for (const put of of.#settled()) this.#insert(put)
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
    const from = this.#in
    let length = 0
    for (let at = 0; at < places.length && length <= MOST_BYTES; at += 1) {
      if (at > 0) lines[length++] = LINE_END
      const put = places[at] as number
      length += from.bytes.copy(lines, length, from.start(put), from.end(put))
    }
    return lines.toString('utf8', 0, Math.min(length, MOST_BYTES))
  }

  /** Adds all of them, as {@link text} has them. */
  addTo(search: SearchText): void {
    const places = this.#settled()
    if (places.length === 0) return
    // With their sizes, which take more than the ends of lines.
    const size = this.bytes
    if (size > MOST_BYTES) return search.add(this.text)
    const from = this.#in
    const before = search.length
    let at = search.beginLine(size)
    let isAscii = true
    for (let index = 0; index < places.length; index += 1) {
      if (index > 0) search.bytes[at++] = LINE_END
      const put = places[index] as number
      const start = from.start(put)
      const end = from.end(put)
      if (!copyBytes(from, start, end, search.bytes, search.words, at)) isAscii = false
      at += end - start
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
    for (const places of [this.#places, this.#waiting]) {
      for (const put of places) bytes += this.#in.end(put) - put
    }
    return bytes
  }

  move(moved: (put: number) => number): void {
    for (const places of [this.#places, this.#waiting]) {
      for (let at = 0; at < places.length; at += 1) places[at] = moved(places[at] as number)
    }
  }

  /** False when it is there already. */
  #insert(put: number): boolean {
    const places = this.#places
    if (places.length > MANY) return this.#wait(put)
    let low = 0
    let high = places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.#in.compare(put, places[middle] as number)
      if (order === 0) return false
      if (order > 0) low = middle + 1
      else high = middle
    }
    // `splice` would make a list of what it takes out.
    places.push(put)
    for (let at = places.length - 1; at > low; at -= 1) places[at] = places[at - 1] as number
    places[low] = put
    return true
  }

  #wait(put: number): boolean {
    if (this.#waiting === NONE) this.#waiting = []
    this.#waiting.push(put)
    if (this.#waiting.length > this.#places.length) this.#settled()
    return true
  }

  #settled(): readonly number[] {
    if (this.#waiting.length === 0) return this.#places
    const all = [...this.#places, ...this.#waiting]
    const order = all.toSorted((a, b) => this.#in.compare(a, b))
    this.#places = order.filter((put, index) => index === 0 || this.#in.compare(order[index - 1] as number, put) !== 0)
    this.#waiting = NONE
    return this.#places
  }
}

const NONE: number[] = []
/** Among more of them, putting each into its place costs more than putting many in order now and then. */
const MANY = 1000
const LINE_END = 0x0a
/** Of one text, while it is put together: what is more than may be, is cut off. */
const lines = Buffer.allocUnsafeSlow(MOST_BYTES + 1)
