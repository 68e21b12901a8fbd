import type { Span } from '@mcpcat/collector'
import type { KnownStrand, Strand, TrackedEvent } from '@mcpcat/sessions'
import { eventEnd } from '@mcpcat/sessions'

/** An event as it passes, on its span. */
export class PassingEvent implements TrackedEvent {
  readonly span: Span
  readonly start: bigint
  readonly end: bigint
  known!: KnownStrand

  constructor(span: Span) {
    this.span = span
    this.start = span.startTimeUnixNano
    this.end = eventEnd(span.startTimeUnixNano, span.endTimeUnixNano)
  }

  get strand(): Strand {
    return this.known.strand
  }

  get traceId(): string {
    return this.span.traceId
  }

  /** Few ask for it. */
  get eventId(): string {
    return `${this.span.traceId}-${this.span.spanId}`
  }
}
