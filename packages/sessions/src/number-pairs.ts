/**
 * Numbers by other numbers, of which many may have the same: as a map would hold them, but in a third of its memory, and
 * none of it for V8 to look through. An open table (Knuth, The Art of Computer Programming, volume 3, 6.4, algorithms L
 * and R): a pair is at its place, or right behind others that are there.
 */
export class NumberPairs {
  /** By place, a key and its value; where there is none, the value is {@link NONE}. */
  #pairs: Int32Array
  #size = 0
  /** Of two to this power the places are counted. */
  #bits: number

  constructor() {
    this.#bits = LEAST_BITS
    this.#pairs = empty(LEAST_BITS)
  }

  /** How many pairs there are. */
  get size(): number {
    return this.#size
  }

  /**
   * @param key of 32 bits.
   * @param value not negative; the same may be added twice, and is there twice then.
   */
  add(key: number, value: number): void {
    if ((this.#size + 1) * FULL > this.#pairs.length / 2) this.#resize(this.#bits + 1)
    this.#size += 1
    let at = this.#place(key)
    while (this.#pairs[at + 1] !== NONE) at = this.#next(at)
    this.#pairs[at] = key
    this.#pairs[at + 1] = value
  }

  /** Removes a pair, where there is one. */
  remove(key: number, value: number): void {
    const pairs = this.#pairs
    let at = this.#place(key)
    while (pairs[at] !== (key | 0) || pairs[at + 1] !== value) {
      if (pairs[at + 1] === NONE) return
      at = this.#next(at)
    }
    this.#size -= 1
    this.#close(at)
    if (this.#bits > LEAST_BITS && this.#size * EMPTY < pairs.length / 2) this.#resize(this.#bits - 1)
  }

  /** The values of a key. */
  of(key: number): readonly number[] {
    const pairs = this.#pairs
    let found = NOTHING
    for (let at = this.#place(key); pairs[at + 1] !== NONE; at = this.#next(at)) {
      if (pairs[at] === (key | 0)) found = [...found, pairs[at + 1] as number]
    }
    return found
  }

  /** Fills a gap with what is behind it, as far as that is not where it would be found without what was in the gap. */
  #close(gap: number): void {
    const pairs = this.#pairs
    let free = gap
    for (let at = this.#next(gap); pairs[at + 1] !== NONE; at = this.#next(at)) {
      const place = this.#place(pairs[at] as number)
      // It is behind the gap, and its own place is not between them.
      const stays = free <= at ? free < place && place <= at : free < place || place <= at
      if (stays) continue
      pairs[free] = pairs[at] as number
      pairs[free + 1] = pairs[at + 1] as number
      free = at
    }
    pairs[free + 1] = NONE
  }

  #resize(bits: number): void {
    const before = this.#pairs
    this.#bits = bits
    this.#pairs = empty(bits)
    this.#size = 0
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1] !== NONE) this.add(before[at] as number, before[at + 1] as number)
    }
  }

  /** The multiplier is the golden ratio's: hashes of few bits are spread, too. */
  #place(key: number): number {
    return (Math.imul(key, 0x9e3779b1) >>> (32 - this.#bits)) * 2
  }

  #next(at: number): number {
    return at + 2 === this.#pairs.length ? 0 : at + 2
  }
}

const NONE = -1
const NOTHING: readonly number[] = []
const LEAST_BITS = 8
/** It grows when more than three quarters of its places are taken, and shrinks when less than a sixth are. */
const FULL = 4 / 3
const EMPTY = 6

function empty(bits: number): Int32Array {
  return new Int32Array(2 * 2 ** bits).fill(NONE)
}
