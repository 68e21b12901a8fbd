import type { SpanContext } from '@opentelemetry/api'
import type { Batch } from '../batch.js'

/** Where the collector tells of its own work on a batch, in spans. */
export interface Tracing {
  /**
   * Runs the work in a span of its own, for example `exporter/otlphttp`.
   *
   * @param queued Where a queue lies between: the span is linked to the one in which the batch came,
   * and is no child of whichever happens to run.
   */
  around<T>(place: Place, batch: Batch, work: () => Promise<T>, queued?: Queued): Promise<T>
  /** The span in which the caller runs; undefined when nobody asks for spans. */
  here(): SpanContext | undefined
}

export interface Queued {
  readonly origin?: SpanContext | undefined
}

export interface Place {
  readonly kind: 'receiver' | 'pipeline' | 'exporter'
  readonly id: string
}

/** What runs unless the configuration asks for spans. */
export const noTracing: Tracing = {
  around: (_place, _batch, work) => work(),
  here: () => undefined,
}
