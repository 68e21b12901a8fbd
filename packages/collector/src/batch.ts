import { spanCount, type Traces } from './traces.js'

/** What pipelines carry, in the order in which people list it. */
export const SIGNALS = ['traces', 'metrics', 'logs'] as const
export type Signal = (typeof SIGNALS)[number]
export type PayloadSignal = Exclude<Signal, 'traces'>

/**
 * Metrics or logs as they came: an OTLP `ExportMetricsServiceRequest` or `ExportLogsServiceRequest`
 * in protobuf. Components carry it on and do not look into it.
 */
export interface Payload {
  readonly signal: PayloadSignal
  readonly bytes: Buffer
  /** Data points or log records. */
  readonly items: number
}

export type Batch = Traces | Payload

/** What a signal's items are called in otelcol's metric names. */
export const ITEMS: Readonly<Record<Signal, string>> = {
  traces: 'spans',
  metrics: 'metric_points',
  logs: 'log_records',
}

export function signalOf(batch: Batch): Signal {
  return 'signal' in batch ? batch.signal : 'traces'
}

/** Spans, data points or log records. */
export function itemCount(batch: Batch): number {
  return 'signal' in batch ? batch.items : spanCount(batch)
}
