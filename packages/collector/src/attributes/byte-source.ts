/** Bytes that are read one at a time, or four. */
export class ByteSource {
  readonly bytes: Buffer
  readonly words: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

/** Whether so many bytes are the same in both, each from its place on. */
export function sameBytes(a: ByteSource, fromA: number, b: ByteSource, fromB: number, length: number): boolean {
  let index = 0
  for (; index + 4 <= length; index += 4)
    if (a.words.getInt32(fromA + index) !== b.words.getInt32(fromB + index)) return false
  for (; index < length; index += 1) if (a.bytes[fromA + index] !== b.bytes[fromB + index]) return false
  return true
}
