import type { OpenFragment } from './fragments.js'

/** A row has 64 bytes, as a cache line has: an event of a strand that goes on touches one. In words of eight bytes: */
const WORDS = 8
const START = 0
const END = 1
/** What starts until then goes on with it. */
const UNTIL = 2
const COUNT = 3
const USED_AT = 4
/** In halves of words: */
const BEFORE = 10
const AFTER = 11
const OPEN = 12
const IDLE = 13

const NONE = -1
/** Times from 0 to here, and a gap after them, have room: until 2116. */
const LATEST = 2n ** 62n

/**
 * What of strands changes with each of their events, in numbers beside one another: when they were
 * used, and the fragment that goes on, where there is no doubt that it does. Rows are reused.
 */
export class StrandTable<Item> {
  readonly #items: (Item | undefined)[] = []
  #times = new BigInt64Array(1024 * WORDS)
  #numbers = new Float64Array(this.#times.buffer)
  #halves = new Int32Array(this.#times.buffer)
  #free = NONE
  #first = NONE
  #last = NONE
  /** The first row that was not called idle since its last use; all after it were not, either. */
  #firstLively = NONE
  #lively = 0

  /** @returns the row of an item, which is used now: its last one. */
  add(item: Item, usedAt: number): number {
    const row = this.#free === NONE ? this.#items.length : this.#free
    if (row === this.#free) this.#free = this.#half(row, AFTER)
    else if (row * WORDS === this.#times.length) this.#grow()
    this.#items[row] = item
    this.#setHalf(row, OPEN, 0)
    this.#numbers[row * WORDS + USED_AT] = usedAt
    this.#append(row)
    return row
  }

  remove(row: number): void {
    this.#unlink(row)
    this.#items[row] = undefined
    this.#setHalf(row, AFTER, this.#free)
    this.#free = row
  }

  /** An item in the place of the one that the row had. */
  set(row: number, item: Item): void {
    this.#items[row] = item
  }

  at(row: number): Item {
    return this.#items[row] as Item
  }

  /** The row without use for longest. */
  get first(): number | undefined {
    return this.#first === NONE ? undefined : this.#first
  }

  /**
   * Of more than so many rows that are not idle, makes the one idle that was not used for longest, until it is used again.
   *
   * @param before undefined where that was used then, or later.
   */
  nextIdle(most: number, before: number): number | undefined {
    if (this.#lively <= most) return undefined
    const row = this.#firstLively
    if (this.usedAt(row) >= before) return undefined
    this.#firstLively = this.#half(row, AFTER)
    this.#lively -= 1
    this.#setHalf(row, IDLE, 1)
    return row
  }

  isIdle(row: number): boolean {
    return this.#half(row, IDLE) === 1
  }

  /** In the order of their last use. */
  *rows(): Generator<number> {
    for (let row = this.#first; row !== NONE; row = this.#half(row, AFTER)) yield row
  }

  use(row: number, usedAt: number): void {
    this.#numbers[row * WORDS + USED_AT] = usedAt
    if (row === this.#last && !this.isIdle(row)) return
    this.#unlink(row)
    this.#append(row)
  }

  usedAt(row: number): number {
    return this.#numbers[row * WORDS + USED_AT] as number
  }

  /** From now on {@link prolong} says how long the fragment is, until {@link close}. Not where there is no room for its times. */
  open(row: number, { start, end, eventCount }: OpenFragment, gap: bigint): void {
    if (start < 0n || end >= LATEST || gap > LATEST) return
    const at = row * WORDS
    this.#times[at + START] = start
    this.#times[at + END] = end
    this.#times[at + UNTIL] = end + gap
    this.#numbers[at + COUNT] = eventCount
    this.#setHalf(row, OPEN, 1)
  }

  isOpen(row: number): boolean {
    return this.#half(row, OPEN) === 1
  }

  /** Whether the open fragment began by then. */
  isOpenAt(row: number, start: bigint): boolean {
    return this.#half(row, OPEN) === 1 && start >= (this.#times[row * WORDS + START] as bigint)
  }

  /** Adds an event to the open fragment; false where there is none, or the event is not one that clearly continues it. */
  prolong(row: number, start: bigint, end: bigint): boolean {
    if (this.#halves[row * 2 * WORDS + OPEN] !== 1) return false
    const times = this.#times
    const at = row * WORDS
    // What starts with its first event may be that event again, or come before it.
    if (start <= (times[at + START] as bigint) || start > (times[at + UNTIL] as bigint) || end >= LATEST) return false
    const latest = times[at + END] as bigint
    if (end > latest) {
      times[at + UNTIL] = (times[at + UNTIL] as bigint) + (end - latest)
      times[at + END] = end
    }
    this.#numbers[at + COUNT] = (this.#numbers[at + COUNT] as number) + 1
    return true
  }

  /** Tells an open fragment what was added to it. */
  update(row: number, fragment: OpenFragment): void {
    if (!this.isOpen(row)) return
    fragment.end = this.#times[row * WORDS + END] as bigint
    fragment.eventCount = this.#numbers[row * WORDS + COUNT] as number
  }

  close(row: number): void {
    this.#setHalf(row, OPEN, 0)
  }

  #append(row: number): void {
    this.#setHalf(row, BEFORE, this.#last)
    this.#setHalf(row, AFTER, NONE)
    if (this.#last === NONE) this.#first = row
    else this.#setHalf(this.#last, AFTER, row)
    this.#last = row
    this.#setHalf(row, IDLE, 0)
    if (this.#firstLively === NONE) this.#firstLively = row
    this.#lively += 1
  }

  #unlink(row: number): void {
    const before = this.#half(row, BEFORE)
    const after = this.#half(row, AFTER)
    if (row === this.#firstLively) this.#firstLively = after
    if (!this.isIdle(row)) this.#lively -= 1
    if (before === NONE) this.#first = after
    else this.#setHalf(before, AFTER, after)
    if (after === NONE) this.#last = before
    else this.#setHalf(after, BEFORE, before)
  }

  #half(row: number, field: number): number {
    return this.#halves[row * 2 * WORDS + field] as number
  }

  #setHalf(row: number, field: number, value: number): void {
    this.#halves[row * 2 * WORDS + field] = value
  }

  #grow(): void {
    const times = new BigInt64Array(this.#times.length * 2)
    times.set(this.#times)
    this.#times = times
    this.#numbers = new Float64Array(times.buffer)
    this.#halves = new Int32Array(times.buffer)
  }
}
