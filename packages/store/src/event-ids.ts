import type { ByteSource, SpanInBytes } from '@mcpcat/collector'
import { viewOf } from './native/copied-bytes.js'
import { PackedTexts } from './packed-texts.js'

/** The id of one event after the other, as bytes. */
export class EventId {
  bytes: Buffer = Buffer.allocUnsafeSlow(64)
  words: DataView = viewOf(this.bytes)
  length = 0

  get text(): string {
    return this.bytes.toString('utf8', 0, this.length)
  }

  /** @param traceId, spanId which the id joins with a hyphen. */
  read(traceId: string, spanId: string): void {
    const most = (traceId.length + spanId.length) * MOST_BYTES_OF_UNIT + 1
    if (most > this.bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(most)
      this.words = viewOf(this.bytes)
    }
    const traceEnd = this.bytes.write(traceId, 0)
    this.bytes[traceEnd] = HYPHEN
    this.length = traceEnd + 1 + this.bytes.write(spanId, traceEnd + 1)
  }

  /** As {@link read}. @returns false, and then nothing was read, where one of the two is empty. */
  readBytes({ source, traceIdAt, spanIdAt }: SpanInBytes): boolean {
    if (traceIdAt < 0 || spanIdAt < 0) return false
    this.#digits(source, traceIdAt, TRACE_ID_BYTES, 0)
    const traceEnd = TRACE_ID_BYTES * 2
    this.bytes[traceEnd] = HYPHEN
    this.#digits(source, spanIdAt, SPAN_ID_BYTES, traceEnd + 1)
    this.length = traceEnd + 1 + SPAN_ID_BYTES * 2
    return true
  }

  #digits({ bytes }: ByteSource, from: number, count: number, to: number): void {
    const { words } = this
    for (let index = 0; index < count; index += 1) {
      words.setUint16(to + index * 2, DIGITS[bytes[from + index] as number] as number, true)
    }
  }
}

/** The two digits of each byte, as they stand in memory. */
const DIGITS = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16LE(),
)

/** Ids of events. */
export class EventIds extends PackedTexts {
  /** Stands for the id, in 32 bits of what ends it, where ids differ. */
  mark(number: number): number {
    const { words } = this
    const end = this.end(number)
    const start = Math.max(this.start(number), end - MARKED)
    let mark = 0
    let at = end
    for (; at - WORD >= start; at -= WORD) mark = mixed(mark, words.getInt32(at - WORD, true))
    for (; at > start; at -= 1) mark = mixed(mark, words.getUint8(at - 1))
    return mark
  }
}

/** The multiplier is the golden ratio's; high bits come back to low ones, as each word takes part in all of them. */
function mixed(mark: number, word: number): number {
  const product = Math.imul(mark ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}

const HYPHEN = 0x2d
const TRACE_ID_BYTES = 16
const SPAN_ID_BYTES = 8
/** Of UTF-8, for each unit of UTF-16. */
const MOST_BYTES_OF_UNIT = 3
/** Bytes: a span id. */
const MARKED = 16
const WORD = 4
