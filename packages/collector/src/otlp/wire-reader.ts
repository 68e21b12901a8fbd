import { ByteSource } from '../attributes/byte-source.js'
import { decodeString } from './string-cache.js'

/** The bytes or the text are not what they claim to be. */
export class MalformedError extends Error {
  override name = 'MalformedError'
}

export const WIRE_VARINT = 0
export const WIRE_FIXED64 = 1
export const WIRE_LENGTH = 2
export const WIRE_FIXED32 = 5

/** Requests as small as this may mean anything. */
const FREE_UNITS = 10_000
const BYTES_PER_UNIT = 4
const MAX_UNITS = 8_000_000

/**
 * A cursor over Protocol Buffers bytes (protobuf.dev/programming-guides/encoding). Every read
 * checks its bounds, so that hostile lengths cost nothing; and an empty message is two bytes there and
 * hundreds in memory, so that what messages may cost is bounded by the bytes that they came in.
 */
export class WireReader {
  readonly source: ByteSource
  readonly buffer: Buffer
  position: number
  #end: number
  #unitsLeft: number

  constructor(from: Uint8Array | ByteSource) {
    this.source = from instanceof ByteSource ? from : new ByteSource(from)
    this.buffer = this.source.bytes
    const { length } = this.buffer
    this.position = 0
    this.#end = length
    this.#unitsLeft = Math.min(MAX_UNITS, FREE_UNITS + Math.floor(length / BYTES_PER_UNIT))
  }

  /** True while the current message has another field. */
  more(): boolean {
    return this.position < this.#end
  }

  /** Field number and wire type as one number: `field << 3 | wire`. */
  tag(): number {
    const tag = this.uint32()
    if (tag >>> 3 === 0) throw new MalformedError('field number 0')
    return tag
  }

  /**
   * Enters a length-delimited message; pass what it returns to {@link leave}.
   *
   * @param units What it costs in memory, in attribute values.
   * @throws MalformedError when the messages so far cost more than their bytes allow.
   */
  enter(units = 1): number {
    this.pay(units)
    const length = this.length()
    const outer = this.#end
    this.#end = this.position + length
    return outer
  }

  /** As {@link enter}, of a message that is read without. */
  pay(units: number): void {
    this.#unitsLeft -= units
    if (this.#unitsLeft < 0) throw new MalformedError('more empty or tiny messages than a request may have')
  }

  leave(outer: number): void {
    this.#end = outer
  }

  uint32(): number {
    // Most are tags and lengths of one byte.
    if (this.position < this.#end) {
      const byte = this.buffer[this.position] as number
      if (byte < 0x80) {
        this.position += 1
        return byte
      }
    }
    return this.#longUint32()
  }

  #longUint32(): number {
    const buffer = this.buffer
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.#end) throw truncated()
      const byte = buffer[this.position++]!
      // Bits past 32 are dropped, as the specification asks of a 32-bit field.
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new MalformedError('a varint of more than ten bytes')
  }

  /** A two's complement 64-bit varint. */
  int64(): bigint {
    let low = 0
    let shift = 0
    const start = this.position
    // Six bytes stay exact in a double; almost every integer ends there.
    for (; shift < 42; shift += 7) {
      if (this.position >= this.#end) throw truncated()
      const byte = this.buffer[this.position++]!
      low += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return BigInt(low)
    }
    let value = BigInt(low)
    for (; shift < 70; shift += 7) {
      if (this.position >= this.#end) throw truncated()
      const byte = this.buffer[this.position++]!
      value |= BigInt(byte & 0x7f) << BigInt(shift)
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    this.position = start
    throw new MalformedError('a varint of more than ten bytes')
  }

  fixed64(): bigint {
    const start = this.take(8)
    return this.source.words.getBigUint64(start, true)
  }

  double(): number {
    const start = this.take(8)
    return this.source.words.getFloat64(start, true)
  }

  fixed32(): number {
    const start = this.take(4)
    return this.source.words.getUint32(start, true)
  }

  string(): string {
    const length = this.length()
    const start = this.take(length)
    return decodeString(this.source, start, start + length)
  }

  /** A view on the input, not a copy. */
  bytes(): Buffer {
    const length = this.length()
    const start = this.take(length)
    return this.buffer.subarray(start, start + length)
  }

  /** An id as lower-case hex. @throws MalformedError when it is neither empty nor `size` bytes long. */
  id(size: number): string {
    const start = this.idAt(size)
    return start < 0 ? '' : this.buffer.toString('hex', start, start + size)
  }

  /** As {@link id}, where it begins; negative where it is empty. */
  idAt(size: number): number {
    const length = this.length()
    if (length !== 0 && length !== size) throw new MalformedError(`an id of ${length} bytes, not ${size}`)
    const start = this.take(length)
    return length === 0 ? -1 : start
  }

  /** Skips a field that is not known, or known with another wire type. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case WIRE_VARINT:
        this.uint32()
        return
      case WIRE_FIXED64:
        this.take(8)
        return
      case WIRE_LENGTH:
        this.take(this.length())
        return
      case WIRE_FIXED32:
        this.take(4)
        return
      case 3:
        this.#skipGroup(tag, depth)
        return
      default:
        throw new MalformedError(`wire type ${tag & 7}`)
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth > 32) throw new MalformedError('groups nested too deeply')
    for (;;) {
      const tag = this.tag()
      if ((tag & 7) === 4) {
        if (tag >>> 3 !== start >>> 3) throw new MalformedError('a group that another one ends')
        return
      }
      this.skip(tag, depth + 1)
    }
  }

  /** A length that lies within the current message. */
  length(): number {
    const length = this.uint32()
    if (length > this.#end - this.position) throw truncated()
    return length
  }

  /** Bytes of the current message that were not read. */
  get left(): number {
    return this.#end - this.position
  }

  /** Passes so many bytes, and says where they begin. */
  take(size: number): number {
    const start = this.position
    if (size > this.#end - start) throw truncated()
    this.position = start + size
    return start
  }
}

function truncated(): MalformedError {
  return new MalformedError('a field that runs past the end of its message')
}
