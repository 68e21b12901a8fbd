import { metrics, type MeterProvider, type Observable } from '@opentelemetry/api'
import type { ProcessorStats } from './ledger.js'
import { SDK_VERSION } from './version.js'

let instances = 0

/**
 * The counters as OpenTelemetry metrics, under the names of the SDK self-observability conventions
 * (`otel.sdk.*`, semantic conventions 1.36), so that dashboards for other processors show ours.
 *
 * @returns Stops reporting.
 */
export function reportMetrics(
  stats: () => ProcessorStats,
  capacity: number,
  provider: MeterProvider = metrics.getMeterProvider(),
): () => void {
  const meter = provider.getMeter('@mcpcat/exporter', SDK_VERSION)
  const component = {
    'otel.component.type': 'mcpcat_span_processor',
    'otel.component.name': `mcpcat_span_processor/${instances++}`,
  }
  const processed = meter.createObservableCounter('otel.sdk.processor.span.processed', {
    description: 'Spans whose processing has ended; error.type says why they were lost',
    unit: '{span}',
  })
  const queueSize = meter.createObservableUpDownCounter('otel.sdk.processor.span.queue.size', {
    description: 'Spans that wait or are on their way',
    unit: '{span}',
  })
  const queueCapacity = meter.createObservableUpDownCounter('otel.sdk.processor.span.queue.capacity', {
    description: 'Spans that may wait at most',
    unit: '{span}',
  })
  const instruments: Observable[] = [processed, queueSize, queueCapacity]
  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    const now = stats()
    result.observe(processed, now.sent + now.spilled, component)
    for (const [reason, count] of Object.entries(now.droppedBy)) {
      result.observe(processed, count, { ...component, 'error.type': reason })
    }
    result.observe(queueSize, now.queued, component)
    result.observe(queueCapacity, capacity, component)
  }
  meter.addBatchObservableCallback(observe, instruments)
  return () => meter.removeBatchObservableCallback(observe, instruments)
}
