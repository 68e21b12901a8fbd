import type { ByteSource } from '@mcpcat/collector'

/** The same bytes, four at a time. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/**
 * Copies few bytes, for which a loop costs less than a call, to where there is room for them.
 *
 * @param intoWords the same bytes as `into`.
 * @returns whether all of them are ASCII.
 */
export function copyBytes(
  { bytes, words }: ByteSource,
  start: number,
  end: number,
  into: Buffer,
  intoWords: DataView,
  to: number,
): boolean {
  let index = start
  let at = to
  let bits = 0
  // Four at a time; what is left is too little for that.
  for (; index + 4 <= end; index += 4, at += 4) {
    const word = words.getInt32(index, true)
    bits |= word
    intoWords.setInt32(at, word, true)
  }
  for (; index < end; index += 1) {
    const byte = bytes[index] as number
    bits |= byte
    into[at++] = byte
  }
  return (bits & ANY_NOT_ASCII) === 0
}

/**
 * As {@link copyBytes}, to the end of what there is: bytes behind those copied are overwritten.
 *
 * @param into has {@link WORD} bytes more of room.
 */
export function appendBytes(
  from: ByteSource,
  start: number,
  end: number,
  into: Buffer,
  intoWords: DataView,
  to: number,
): boolean {
  const { words } = from
  if (end + WORD > from.bytes.length) return copyBytes(from, start, end, into, intoWords, to)
  let index = start
  let at = to
  let bits = 0
  for (; index + WORD <= end; index += WORD, at += WORD) {
    const word = words.getInt32(index, true)
    bits |= word
    intoWords.setInt32(at, word, true)
  }
  if (index < end) {
    const word = words.getInt32(index, true)
    // Of its first bytes, which are its last bits.
    bits |= word << (8 * (WORD - (end - index)))
    intoWords.setInt32(at, word, true)
  }
  return (bits & ANY_NOT_ASCII) === 0
}

/** Whether so many bytes are the same in both; false as well near the end of those of `from`, where nobody looks. */
export function hasBytes(from: ByteSource, start: number, expected: ByteSource, at: number, length: number): boolean {
  if (start + length + WORD > from.bytes.length || at + length + WORD > expected.bytes.length) return false
  let offset = 0
  for (; offset + WORD <= length; offset += WORD) {
    if (from.words.getInt32(start + offset, true) !== expected.words.getInt32(at + offset, true)) return false
  }
  if (offset === length) return true
  const differing = from.words.getInt32(start + offset, true) ^ expected.words.getInt32(at + offset, true)
  // Of its first bytes, which are its last bits.
  return differing << (8 * (WORD - (length - offset))) === 0
}

/** Bytes that are looked at, at once. */
export const WORD = 4
const ANY_NOT_ASCII = 0x80808080 | 0
