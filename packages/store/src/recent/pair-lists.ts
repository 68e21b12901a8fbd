/**
 * Lists of pairs of numbers, all of them in one array: as arrays of their own, lists of what many sessions hold would be
 * much of what V8 looks through for garbage. Each is known by the number of its place, which changes when it grows.
 */
export class PairLists {
  /** Of each list how many numbers it has, and these. */
  #numbers = new Float64Array(FEW)
  #length = SMALLEST
  /** Places that were given back, by the room that is there, as a power of two. */
  readonly #free: number[][] = []

  /** How many numbers it has: twice as many as pairs. */
  length(list: number): number {
    return this.#numbers[list] as number
  }

  /** One of its numbers. */
  at(list: number, index: number): number {
    return this.#numbers[list + 1 + index] as number
  }

  /** @returns the list, with a pair more before what was at this index. */
  with(list: number, index: number, first: number, second: number): number {
    const length = this.length(list)
    const grown = length + 3 > roomFor(length) || list === EMPTY ? this.#grown(list, length) : list
    const numbers = this.#numbers
    const at = grown + 1 + index
    if (index < length) numbers.copyWithin(at + 2, at, grown + 1 + length)
    numbers[at] = first
    numbers[at + 1] = second
    numbers[grown] = length + 2
    return grown
  }

  /** Gives the place of a list to others. */
  drop(list: number): void {
    if (list !== EMPTY) this.#freeOf(roomFor(this.length(list))).push(list)
  }

  #grown(list: number, length: number): number {
    const room = roomFor(length + 2)
    const place = this.#freeOf(room).pop() ?? this.#added(room)
    this.#numbers.copyWithin(place, list, list + 1 + length)
    this.drop(list)
    return place
  }

  #added(room: number): number {
    const place = this.#length
    this.#length += room
    if (this.#length > this.#numbers.length) {
      const numbers = new Float64Array(Math.max(this.#numbers.length * 2, this.#length))
      numbers.set(this.#numbers)
      this.#numbers = numbers
    }
    return place
  }

  #freeOf(room: number): number[] {
    return (this.#free[Math.clz32(room)] ??= [])
  }
}

/** The list that has nothing. */
export const EMPTY = 0

/** For so many numbers, and their count. */
function roomFor(length: number): number {
  return Math.max(SMALLEST, 2 ** (32 - Math.clz32(length)))
}

const SMALLEST = 8
const FEW = 1 << 12
