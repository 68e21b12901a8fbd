import { Buffer } from 'node:buffer'

/**
 * Writes Protocol Buffers bytes from the end towards the start. Whoever writes a message's fields
 * last to first knows its length when the prefix is due, so nothing is measured or moved twice.
 */
export class WireWriter {
  #buffer: Buffer
  #start: number

  constructor(capacity = 4096) {
    this.#buffer = Buffer.allocUnsafe(capacity)
    this.#start = capacity
  }

  /** Bytes written so far. Remember it before a nested message; pass it to {@link close} after. */
  get size(): number {
    return this.#buffer.length - this.#start
  }

  /** The finished message. */
  finish(): Buffer {
    return this.#buffer.subarray(this.#start)
  }

  /** Puts length and tag before what was written since `size` was `before`. */
  close(tag: number, before: number): void {
    this.varint(this.size - before)
    this.varint(tag)
  }

  varint(value: number): void {
    let bytes = 1
    for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes += 1
    let position = this.#reserve(bytes)
    let rest = value >>> 0
    for (; bytes > 1; bytes -= 1) {
      this.#buffer[position++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#buffer[position] = rest
  }

  int64(value: bigint): void {
    if (value >= 0n && value <= 0x7fff_ffffn) {
      this.varint(Number(value))
      return
    }
    const bytes: number[] = []
    let rest = BigInt.asUintN(64, value)
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
    bytes.push(Number(rest))
    const position = this.#reserve(bytes.length)
    for (const [index, byte] of bytes.entries()) this.#buffer[position + index] = byte
  }

  fixed64(value: bigint): void {
    const position = this.#reserve(8)
    this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), position)
  }

  double(value: number): void {
    const position = this.#reserve(8)
    this.#buffer.writeDoubleLE(value, position)
  }

  fixed32(value: number): void {
    const position = this.#reserve(4)
    this.#buffer.writeUInt32LE(value >>> 0, position)
  }

  /** Text with its length, and the tag before it. */
  string(tag: number, text: string): void {
    const length = this.#ascii(text) ? text.length : this.#utf8(text)
    this.varint(length)
    this.varint(tag)
  }

  /** Short plain text without a call into native code. False, with nothing written, for any other. */
  #ascii(text: string): boolean {
    const length = text.length
    if (length > 64) return false
    const position = this.#reserve(length)
    const buffer = this.#buffer
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 0x7f) {
        this.#start += length
        return false
      }
      buffer[position + index] = code
    }
    return true
  }

  #utf8(text: string): number {
    const length = Buffer.byteLength(text)
    const position = this.#reserve(length)
    this.#buffer.write(text, position, length, 'utf8')
    return length
  }

  /** Bytes with their length, and the tag before them. */
  bytes(tag: number, bytes: Uint8Array): void {
    const position = this.#reserve(bytes.length)
    this.#buffer.set(bytes, position)
    this.varint(bytes.length)
    this.varint(tag)
  }

  /** Hex digits as bytes with their length, and the tag before them. */
  hex(tag: number, digits: string): void {
    const length = digits.length >>> 1
    const position = this.#reserve(length)
    this.#buffer.write(digits, position, length, 'hex')
    this.varint(length)
    this.varint(tag)
  }

  #reserve(size: number): number {
    if (size > this.#start) {
      const used = this.size
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, used + size))
      this.#buffer.copy(grown, grown.length - used, this.#start)
      this.#buffer = grown
      this.#start = grown.length - used
    }
    this.#start -= size
    return this.#start
  }
}
