import type { TracesConsumer } from '../consumer.js'
import type { Span, Traces } from '../traces.js'

export interface RecordingConsumer extends TracesConsumer {
  readonly batches: readonly Traces[]
  readonly spans: readonly Span[]
  /** What the next batches meet: an error to reject with, a promise to wait for, or nothing. */
  behaviour: () => Promise<void> | void
}

/** The end of a pipeline, for tests: keeps what it accepts. */
export function recordingConsumer(): RecordingConsumer {
  const batches: Traces[] = []
  const consumer: RecordingConsumer = {
    batches,
    get spans() {
      return batches.flatMap(allSpans)
    },
    behaviour: () => undefined,
    async consumeTraces(traces) {
      await consumer.behaviour()
      batches.push(traces)
    },
  }
  return consumer
}

function allSpans({ resourceSpans }: Traces): Span[] {
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}
