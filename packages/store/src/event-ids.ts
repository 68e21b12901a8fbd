import { PackedTexts } from './packed-texts.js'

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

/** Bytes: a span id. */
const MARKED = 16
