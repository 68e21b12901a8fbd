import type { Span } from '../traces.js'
import { WireSpan } from '../otlp/wire-span.js'
import type { ByteSource } from './byte-source.js'

/**
 * A span whose fields are still where its request has them. It has no events and no links, and of a status no message.
 * Valid until something of the span is changed.
 */
export interface SpanInBytes {
  readonly source: ByteSource
  /** Where sixteen bytes are; negative where there are none. */
  readonly traceIdAt: number
  /** Where eight bytes are, likewise. */
  readonly spanIdAt: number
  /** Where nanoseconds are, in 64 bits from the lowest on, likewise. */
  readonly startTimeAt: number
  readonly endTimeAt: number
  readonly hasParent: boolean
  readonly statusCode: number
}

/** For whoever looks at each span of many: what is looked at in its bytes is never text, nor anything else. */
export function spanInBytes(span: Span): SpanInBytes | undefined {
  return span instanceof WireSpan && span.isInBytes ? span : undefined
}
