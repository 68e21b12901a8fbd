import { ByteSource } from '@mcpcat/collector'

/** In bytes; evidence with a longer key is read as text each time. */
export const LONGEST_KEY = 128
/** Values that a key can tell apart. */
export const MOST_VALUES = 256
/** Of a value: which one it is, and its length. */
const HEADER = 2

/** The values that say whose an event is, as bytes: the same for the same values of the same attributes. */
export class EvidenceKey {
  readonly source: ByteSource = new ByteSource(Buffer.alloc(LONGEST_KEY))
  length = 0

  /** @param resource stands for what the resource says. */
  begin(resource: number): void {
    this.source.words.setInt32(0, resource)
    this.length = 4
  }

  /** @returns false where it does not fit. */
  add(at: number, from: ByteSource, start: number, end: number): boolean {
    const size = end - start
    const { bytes } = this.source
    let target = this.length + HEADER
    if (target + size > LONGEST_KEY) return false
    bytes[this.length] = at
    bytes[this.length + 1] = size
    for (let index = start; index < end; index += 1) bytes[target++] = from.bytes[index] as number
    this.length = target
    return true
  }

  /** A number for it, of 32 bits. */
  hash(): number {
    const { bytes, words } = this.source
    const { length } = this
    let hash = length
    let index = 0
    for (; index + 4 <= length; index += 4) {
      hash = Math.imul(hash ^ words.getInt32(index), MIXER)
      hash ^= hash >>> 15
    }
    for (; index < length; index += 1) hash = Math.imul(hash ^ (bytes[index] as number), MIXER)
    return hash ^ (hash >>> 13)
  }
}

/** Odd, with bits all over. */
const MIXER = 0x9e3779b1 | 0
