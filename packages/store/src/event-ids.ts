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
}

/** Ids of events. */
export class EventIds extends PackedTexts {
  /** Stands for the id, in 32 bits of what ends it, where ids differ. */
  mark(number: number): number {
    const { bytes } = this
    const end = this.end(number)
    let mark = 0
    for (let at = Math.max(this.start(number), end - MARKED); at < end; at += 1) {
      mark = Math.imul(mark ^ (bytes[at] as number), 0x01000193)
    }
    return mark
  }
}

const HYPHEN = 0x2d
/** Of UTF-8, for each unit of UTF-16. */
const MOST_BYTES_OF_UNIT = 3
/** Bytes: a span id. */
const MARKED = 16
