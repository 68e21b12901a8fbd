/**
 * Hashes of 32 bits that were added: a Bloom filter, which errs by "perhaps" only. The first million are in 4 MiB, since
 * soon after the first few thousand all pages of a filter are used; what comes then is in 32 MiB more.
 *
 * Of hashes that were not added it says "perhaps" of one in six thousand at most until there are a million, and of one
 * in three thousand with ten million; with few, of as many as share 32 bits with others.
 */
export class SeenHashes {
  readonly #filters: [Filter, ...Filter[]]
  readonly #mostOfFirst: number
  readonly #bitsOfSecond: number

  /**
   * @param bits of the place in the first filter, which has two to the power of that.
   * @param mostOfFirst hashes that it takes.
   * @param bitsOfSecond of the place in the one for all others.
   */
  constructor(bits: number = 25, mostOfFirst: number = 1_000_000, bitsOfSecond: number = 28) {
    this.#filters = [new Filter(bits)]
    this.#mostOfFirst = mostOfFirst
    this.#bitsOfSecond = bitsOfSecond
  }

  add(hash: number): void {
    if (this.perhaps(hash)) return
    const [first] = this.#filters
    if (first.size < this.#mostOfFirst) first.add(hash)
    else (this.#filters[1] ??= new Filter(this.#bitsOfSecond)).add(hash)
  }

  perhaps(hash: number): boolean {
    for (const filter of this.#filters) if (filter.has(hash)) return true
    return false
  }
}

class Filter {
  readonly #bytes: Uint8Array
  readonly #shift: number
  /** Hashes that were added. */
  size = 0

  constructor(bits: number) {
    this.#bytes = new Uint8Array(2 ** (bits - 3))
    this.#shift = 32 - bits
  }

  add(hash: number): void {
    this.size += 1
    for (let at = 0; at < MULTIPLIERS.length; at += 1) {
      const place = this.#place(hash, at)
      this.#bytes[place >>> 3]! |= 1 << (place & 7)
    }
  }

  has(hash: number): boolean {
    for (let at = 0; at < MULTIPLIERS.length; at += 1) {
      const place = this.#place(hash, at)
      if ((this.#bytes[place >>> 3]! & (1 << (place & 7))) === 0) return false
    }
    return true
  }

  #place(hash: number, at: number): number {
    return Math.imul(hash, MULTIPLIERS[at] as number) >>> this.#shift
  }
}

/**
 * Of which the upper bits of a product tell the place of a bit (Knuth, The Art of Computer Programming, volume 3, 6.4):
 * one, that of the golden ratio, and two odd numbers that are far from simple fractions of 2³².
 */
const MULTIPLIERS = [1, 0x9e3779b1, 0x85ebca77, 0xc2b2ae3d] as const
