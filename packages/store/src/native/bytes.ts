import type { ByteSource } from '@mcpcat/collector'
import { appendBytes, viewOf, WORD } from './copied-bytes.js'
import { isUtf8 } from 'node:buffer'

/** Bytes that grow. */
export class Bytes {
  buffer: Buffer = Buffer.allocUnsafeSlow(1 << 12)
  length = 0
  #words = viewOf(this.buffer)

  reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + size))
    this.buffer.copy(grown, 0, 0, this.length)
    this.buffer = grown
    this.#words = viewOf(grown)
  }

  varint(value: number): void {
    this.reserve(5)
    let rest = value
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.buffer[this.length++] = rest
  }

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  uint32(value: number): void {
    this.reserve(4)
    this.#words.setUint32(this.length, value, true)
    this.length += 4
  }

  uint64(value: number | bigint): void {
    this.reserve(8)
    this.#words.setBigUint64(this.length, BigInt(value), true)
    this.length += 8
  }

  /** So many bytes of nothing, each an empty string. */
  zeros(count: number): void {
    this.reserve(count)
    this.buffer.fill(0, this.length, this.length + count)
    this.length += count
  }

  /** A string with its length before it. */
  text(text: string): void {
    const { length } = text
    if (length > FEW) return this.#written(text)
    // Mostly it is ASCII; a loop over so few costs less than a call.
    this.reserve(length + 1)
    const { buffer } = this
    let at = this.length + 1
    let units = 0
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index)
      units |= unit
      buffer[at++] = unit
    }
    if (units >= 0x80) return this.#written(text)
    buffer[this.length] = length
    this.length = at
  }

  #written(text: string): void {
    // How long a short one is, writing it says.
    if (text.length <= ONE_BYTE) {
      this.reserve(text.length * MOST_BYTES_OF_UNIT + 1)
      const size = this.buffer.write(text, this.length + 1)
      if (size <= ONE_BYTE) {
        this.buffer[this.length] = size
        this.length += size + 1
        return
      }
    }
    const size = Buffer.byteLength(text)
    this.varint(size)
    this.reserve(size)
    this.length += this.buffer.write(text, this.length)
  }

  /** UTF-8 from other bytes, with its length before it. */
  utf8(from: ByteSource, start: number, end: number): void {
    const size = end - start
    if (size > ONE_BYTE) return this.#long(from, start, end)
    this.reserve(size + 1 + WORD)
    const at = this.length + 1
    if (!appendBytes(from, start, end, this.buffer, this.#words, at) && !isUtf8(from.bytes.subarray(start, end)))
      return this.text(from.bytes.toString('utf8', start, end))
    this.buffer[at - 1] = size
    this.length = at + size
  }

  #long(from: ByteSource, start: number, end: number): void {
    const bytes = from.bytes.subarray(start, end)
    if (!isUtf8(bytes)) return this.text(bytes.toString())
    this.varint(bytes.length)
    this.reserve(bytes.length)
    this.length += bytes.copy(this.buffer, this.length)
  }

  /** What was written last, from a place on, so many times more. */
  repeat(from: number, times: number): void {
    const size = this.length - from
    if (size === 0) return
    this.reserve(size * times)
    const end = this.length + size * times
    // Each time as much as there is already.
    for (let at = this.length; at < end; at += at - from)
      this.buffer.copyWithin(at, from, Math.min(at, from + end - at))
    this.length = end
  }

  /**
   * Pieces of other bytes, one after the other.
   *
   * @param starts where each piece starts, and the one before it ends.
   * @param pieces by their numbers.
   */
  copies(from: Bytes, starts: Uint32Array, pieces: Uint32Array): void {
    let size = WORD
    for (let index = 0; index < pieces.length; index += 1) {
      const piece = pieces[index] as number
      size += (starts[piece + 1] as number) - (starts[piece] as number)
    }
    this.reserve(size)
    // Words to the end, and past it: what is too much there, the next piece takes the place of.
    from.reserve(WORD)
    const source = from.#words
    const target = this.#words
    let to = this.length
    for (let index = 0; index < pieces.length; index += 1) {
      const piece = pieces[index] as number
      const start = starts[piece] as number
      const length = (starts[piece + 1] as number) - start
      for (let at = 0; at < length; at += WORD) target.setInt32(to + at, source.getInt32(start + at))
      to += length
    }
    this.length = to
  }

  taken(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }
}

/** Of so many bytes the count is one byte. */
const ONE_BYTE = 127
/** Of UTF-8, for each unit of UTF-16. */
const MOST_BYTES_OF_UNIT = 3
/** Of so many bytes, a loop over them costs less than a call. */
const FEW = 20
