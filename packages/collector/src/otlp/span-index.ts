import type { ByteSource } from '../attributes/byte-source.js'
import type { AttributeIndex } from './attribute-index.js'
import { decodeString } from './string-cache.js'

/** What is noted of a span: where in the bytes a field is, or what it says. */
export const TRACE_ID = 0
export const SPAN_ID = 1
export const PARENT_SPAN_ID = 2
export const START_TIME = 3
export const END_TIME = 4
const PLACES = 5
export const NAME_START = 5
export const NAME_END = 6
export const KIND = 7
export const FLAGS = 8
export const STATUS_CODE = 9
export const DROPPED_ATTRIBUTES = 10
export const DROPPED_EVENTS = 11
export const DROPPED_LINKS = 12
export const FIRST_ATTRIBUTE = 13
export const ATTRIBUTES = 14
export const SHAPE = 15
const FIELDS = 16

/** The field is not there. */
export const NOWHERE = -1

const TRACE_ID_BYTES = 16
const SPAN_ID_BYTES = 8

/** Where the spans of a request are in its bytes: sixteen numbers for each, in place of an object with its fields. */
export class SpanIndex {
  readonly source: ByteSource
  readonly attributes: AttributeIndex
  #data: Int32Array
  #count = 0

  /** @param room for so many; it grows. */
  constructor(attributes: AttributeIndex, room: number) {
    this.source = attributes.source
    this.attributes = attributes
    this.#data = new Int32Array(FIELDS * Math.max(1, room))
  }

  /** @returns the number of a span of which nothing is noted yet. */
  add(): number {
    const number = this.#count++
    const at = number * FIELDS
    if (at === this.#data.length) {
      const data = new Int32Array(at * 2)
      data.set(this.#data)
      this.#data = data
    }
    this.#data.fill(NOWHERE, at, at + PLACES)
    return number
  }

  set(span: number, field: number, value: number): void {
    this.#data[span * FIELDS + field] = value
  }

  get(span: number, field: number): number {
    return this.#data[span * FIELDS + field] as number
  }

  /** A number that is not negative. */
  unsigned(span: number, field: number): number {
    return this.get(span, field) >>> 0
  }

  traceId(span: number): string {
    return this.#id(this.get(span, TRACE_ID), TRACE_ID_BYTES)
  }

  /** @param field one of the two that are such ids. */
  spanId(span: number, field: typeof SPAN_ID | typeof PARENT_SPAN_ID): string {
    return this.#id(this.get(span, field), SPAN_ID_BYTES)
  }

  #id(start: number, size: number): string {
    return start === NOWHERE ? '' : this.source.bytes.toString('hex', start, start + size)
  }

  time(span: number, field: typeof START_TIME | typeof END_TIME): bigint {
    const start = this.get(span, field)
    return start === NOWHERE ? 0n : this.source.words.getBigUint64(start, true)
  }

  name(span: number): string {
    return decodeString(this.source, this.get(span, NAME_START), this.get(span, NAME_END))
  }
}
