import type { ByteSource } from '../attributes/byte-source.js'
import { NO_NUMBER } from '../attributes/names.js'

/** What is noted of an attribute. */
const NAME = 0
const START = 1
const END = 2
const FIELDS = 3

/** In place of an end: the start is where the KeyValue message is, which says all. */
export const OTHER_VALUE = -1
/** In place of an end: the start says which of the values that were set instead. */
export const REPLACED = -2

/** Where the attributes of a request's spans are in its bytes, three numbers for each. */
export class AttributeIndex {
  readonly source: ByteSource
  #data: Int32Array
  #count = 0

  /** @param room for so many; it grows. */
  constructor(source: ByteSource, room: number) {
    this.source = source
    this.#data = new Int32Array(FIELDS * Math.max(1, room))
  }

  /** How many there are: the number of the next one. */
  get count(): number {
    return this.#count
  }

  /**
   * @param name its number.
   * @param message where the length of the KeyValue message is.
   * @param start, end of a string value; a negative end for any other.
   */
  add(name: number, message: number, start: number, end: number): void {
    const at = this.#count * FIELDS
    if (at === this.#data.length) this.#grow()
    const data = this.#data
    const isText = end >= 0 && name !== NO_NUMBER
    data[at] = name
    data[at + START] = isText ? start : message
    data[at + END] = isText ? end : OTHER_VALUE
    this.#count += 1
  }

  /** The number of the name; or {@link NO_NUMBER}. */
  name(number: number): number {
    return this.#data[number * FIELDS + NAME] as number
  }

  /** Where a string begins, unless {@link end} says that it means something else. */
  start(number: number): number {
    return this.#data[number * FIELDS + START] as number
  }

  /** Where a string ends; {@link OTHER_VALUE}, or {@link REPLACED}. */
  end(number: number): number {
    return this.#data[number * FIELDS + END] as number
  }

  /** The value is another one now. */
  replace(number: number, by: number): void {
    this.#data[number * FIELDS + START] = by
    this.#data[number * FIELDS + END] = REPLACED
  }

  /** A copy of some of it, which can be changed. */
  slice(first: number, count: number): AttributeIndex {
    const slice = new AttributeIndex(this.source, count)
    slice.#data.set(this.#data.subarray(first * FIELDS, (first + count) * FIELDS))
    slice.#count = count
    return slice
  }

  #grow(): void {
    const data = new Int32Array(this.#data.length * 2)
    data.set(this.#data)
    this.#data = data
  }
}
