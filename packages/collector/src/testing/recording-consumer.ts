import type { Payload } from '../batch.js'
import { plainTraces } from '../clone-traces.js'
import type { Consumer } from '../consumer.js'
import type { Span, Traces } from '../traces.js'

export interface RecordingConsumer extends Consumer {
  readonly batches: readonly Traces[]
  readonly spans: readonly Span[]
  /** Metrics and logs. */
  readonly payloads: readonly Payload[]
  /** What the next batches meet: an error to reject with, a promise to wait for, or nothing. */
  behaviour: () => Promise<void> | void
}

/** The end of a pipeline, for tests: keeps what it accepts. */
export function recordingConsumer(): RecordingConsumer {
  const batches: Traces[] = []
  const payloads: Payload[] = []
  const consumer: RecordingConsumer = {
    batches,
    payloads,
    get spans() {
      return batches.flatMap(allSpans)
    },
    behaviour: () => undefined,
    async consumeTraces(traces) {
      await consumer.behaviour()
      // As data: what is left in the bytes of a request compares with nothing.
      batches.push(plainTraces(traces))
    },
    async consumePayload(payload) {
      await consumer.behaviour()
      payloads.push(payload)
    },
  }
  return consumer
}

function allSpans({ resourceSpans }: Traces): Span[] {
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}
