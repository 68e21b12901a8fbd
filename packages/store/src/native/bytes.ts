import { isUtf8 } from 'node:buffer'

/** Bytes that grow. */
export class Bytes {
  buffer: Buffer = Buffer.allocUnsafeSlow(1 << 12)
  length = 0

  reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + size))
    this.buffer.copy(grown, 0, 0, this.length)
    this.buffer = grown
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

  uint32(value: number): void {
    this.reserve(4)
    const { buffer, length } = this
    buffer[length] = value
    buffer[length + 1] = value >>> 8
    buffer[length + 2] = value >>> 16
    buffer[length + 3] = value >>> 24
    this.length = length + 4
  }

  uint64(value: number | bigint): void {
    this.reserve(8)
    this.buffer.writeBigUInt64LE(BigInt(value), this.length)
    this.length += 8
  }

  /** A string with its length before it. */
  text(text: string): void {
    const { length } = text
    if (length <= SHORT) {
      // Mostly it is ASCII; a loop over so few costs less than a call.
      this.reserve(length * 3 + 2)
      const { buffer } = this
      let at = this.length + 1
      let units = 0
      for (let index = 0; index < length; index += 1) {
        const unit = text.charCodeAt(index)
        units |= unit
        buffer[at++] = unit
      }
      if (units < 0x80) {
        buffer[this.length] = length
        this.length = at
        return
      }
    }
    const size = Buffer.byteLength(text)
    this.varint(size)
    this.reserve(size)
    this.length += this.buffer.write(text, this.length)
  }

  /** UTF-8 from other bytes, with its length before it. */
  utf8(from: Buffer, start: number, end: number): void {
    const size = end - start
    const before = this.length
    this.varint(size)
    this.reserve(size)
    const { buffer } = this
    let at = this.length
    this.length += size
    if (size <= SHORT) {
      let bits = 0
      for (let index = start; index < end; index += 1) {
        const byte = from[index] as number
        bits |= byte
        buffer[at++] = byte
      }
      if (bits < 0x80) return
    } else from.copy(buffer, at, start, end)
    if (isUtf8(buffer.subarray(this.length - size, this.length))) return
    this.length = before
    this.text(from.toString('utf8', start, end))
  }

  taken(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }
}

/** Of so many bytes the count is one byte. */
const SHORT = 127
