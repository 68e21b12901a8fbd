import type { HttpAnswer } from '../delivery/http-client.js'
import type { ReadableSpanLike } from '../span-types.js'

/** One request, ready to be sent as often as it takes. */
export interface Parcel {
  body: Uint8Array
  /** How many spans it carries. */
  spans: number
}

/** How spans travel to one kind of receiver. */
export interface Protocol {
  url: URL
  headers: Readonly<Record<string, string>>
  pack(spans: readonly ReadableSpanLike[]): Promise<Parcel[]>
  /** The same while the process exits, when nothing can be awaited. */
  packNow(spans: readonly ReadableSpanLike[]): Parcel[]
  /**
   * How many spans of an accepted request were refused.
   *
   * @throws {DeliveryError} The request was not accepted.
   */
  judge(answer: HttpAnswer, parcel: Pick<Parcel, 'spans'>): number
}
