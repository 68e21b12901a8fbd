import type { Component, Exporter, Processor } from '../component.js'
import type { TracesConsumer } from '../consumer.js'
import { PermanentError } from '../errors.js'
import { spanCount } from '../traces.js'
import type { Metrics } from './metrics.js'

/** Counts what a receiver hands on, under otelcol's names. */
export function observedByReceiver(next: TracesConsumer, metrics: Metrics): TracesConsumer {
  const accepted = metrics.counter('otelcol_receiver_accepted_spans', 'Spans successfully pushed into the pipeline')
  const refused = metrics.counter('otelcol_receiver_refused_spans', 'Spans that could not be pushed into the pipeline')
  return {
    mutatesData: next.mutatesData ?? false,
    async consumeTraces(traces) {
      // Counted first: what is handed on may be changed or emptied behind our back.
      const spans = spanCount(traces)
      try {
        await next.consumeTraces(traces)
        accepted.add(spans)
      } catch (error) {
        refused.add(spans)
        throw error
      }
    },
  }
}

/** Counts what goes into a processor and what comes out of it. */
export function observedProcessor(
  create: (next: TracesConsumer) => Processor,
  next: TracesConsumer,
  metrics: Metrics,
): Processor {
  const labels = { otel_signal: 'traces' }
  const incoming = metrics.counter('otelcol_processor_incoming_items', 'Spans passed to the processor', labels)
  const outgoing = metrics.counter('otelcol_processor_outgoing_items', 'Spans emitted from the processor', labels)
  const processor = create({
    mutatesData: next.mutatesData ?? false,
    consumeTraces(traces) {
      outgoing.add(spanCount(traces))
      return next.consumeTraces(traces)
    },
  })
  return {
    ...lifecycleOf(processor),
    mutatesData: processor.mutatesData ?? false,
    consumeTraces(traces) {
      incoming.add(spanCount(traces))
      return processor.consumeTraces(traces)
    },
  }
}

/** Counts what an exporter has sent, unless it has a queue and knows better. */
export function observedExporter(exporter: Exporter, metrics: Metrics): Exporter {
  if (exporter.countsItself) return exporter
  const counters = exporterCounters(metrics)
  return {
    ...lifecycleOf(exporter),
    mutatesData: exporter.mutatesData ?? false,
    async consumeTraces(traces) {
      const spans = spanCount(traces)
      try {
        await exporter.consumeTraces(traces)
        counters.sent.add(spans)
      } catch (error) {
        if (error instanceof PermanentError) counters.failed.add(spans)
        throw error
      }
    },
  }
}

export interface ExporterCounters {
  readonly sent: ReturnType<Metrics['counter']>
  readonly failed: ReturnType<Metrics['counter']>
}

export function exporterCounters(metrics: Metrics): ExporterCounters {
  return {
    sent: metrics.counter('otelcol_exporter_sent_spans', 'Spans successfully sent to the destination'),
    failed: metrics.counter('otelcol_exporter_send_failed_spans', 'Spans given up on'),
  }
}

function lifecycleOf(component: Component): Component {
  const result: Component = {}
  if (component.start) result.start = (host) => component.start!(host)
  if (component.shutdown) result.shutdown = () => component.shutdown!()
  if (component.endpoints) result.endpoints = () => component.endpoints!()
  return result
}
