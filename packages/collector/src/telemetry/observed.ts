import { ITEMS, itemCount, signalOf, type Batch, type Signal } from '../batch.js'
import type { Component, Exporter, PipelineContext, Processor } from '../component.js'
import { around, traitsOf, type Consumer } from '../consumer.js'
import { PermanentError } from '../errors.js'
import type { Counter, Metrics } from './metrics.js'

/** Counts what a receiver hands on, under otelcol's names. */
export function observedByReceiver(next: Consumer, { id, metrics, signals, tracing }: PipelineContext): Consumer {
  const accepted = counters(signals, (items) =>
    metrics.counter(`otelcol_receiver_accepted_${items}`, `${words(items)} successfully pushed into the pipeline`),
  )
  const refused = counters(signals, (items) =>
    metrics.counter(`otelcol_receiver_refused_${items}`, `${words(items)} that could not be pushed into the pipeline`),
  )
  return around(next, async (batch, handOn) => {
    // Counted first: what is handed on may be changed or emptied behind our back.
    const items = itemCount(batch)
    try {
      await tracing.around({ kind: 'receiver', id }, batch, handOn)
      accepted(batch).add(items)
    } catch (error) {
      refused(batch).add(items)
      throw error
    }
  })
}

/** Counts what goes into a processor and what comes out of it. */
export function observedProcessor(
  create: (next: Consumer) => Processor,
  next: Consumer,
  metrics: Metrics,
  signal: Signal,
): Component & Consumer {
  const labels = { otel_signal: signal }
  const incoming = metrics.counter('otelcol_processor_incoming_items', 'Items passed to the processor', labels)
  const outgoing = metrics.counter('otelcol_processor_outgoing_items', 'Items emitted from the processor', labels)
  const processor = create(counting(next, outgoing))
  return { ...lifecycleOf(processor), ...counting(consumerOf(processor), incoming) }
}

function counting(next: Consumer, counter: Counter): Consumer {
  return around(next, (batch, handOn) => {
    counter.add(itemCount(batch))
    return handOn()
  })
}

/** Counts what an exporter has sent, unless it has a queue and knows better. */
export function observedExporter(
  exporter: Exporter,
  { id, metrics, signals, tracing }: PipelineContext,
): Component & Consumer {
  const consumer = consumerOf(exporter)
  if (exporter.countsItself) return { ...lifecycleOf(exporter), ...consumer }
  const bySignal = new Map(signals.map((signal) => [signal, exporterCounters(metrics, signal)]))
  const counted = around(consumer, async (batch, handOn) => {
    const items = itemCount(batch)
    const { sent, failed } = bySignal.get(signalOf(batch))!
    try {
      await tracing.around({ kind: 'exporter', id }, batch, handOn)
      sent.add(items)
    } catch (error) {
      if (error instanceof PermanentError) failed.add(items)
      throw error
    }
  })
  return { ...lifecycleOf(exporter), ...counted }
}

export interface ExporterCounters {
  readonly sent: Counter
  readonly failed: Counter
}

export function exporterCounters(metrics: Metrics, signal: Signal): ExporterCounters {
  const items = ITEMS[signal]
  return {
    sent: metrics.counter(`otelcol_exporter_sent_${items}`, `${words(items)} successfully sent to the destination`),
    failed: metrics.counter(`otelcol_exporter_send_failed_${items}`, `${words(items)} given up on`),
  }
}

/** `metric_points` as the start of a sentence. */
export function words(items: string): string {
  return `${items[0]!.toUpperCase()}${items.slice(1).replace('_', ' ')}`
}

/** One counter for each signal, there from the start. */
function counters(signals: readonly Signal[], create: (items: string) => Counter): (batch: Batch) => Counter {
  const bySignal = new Map(signals.map((signal) => [signal, create(ITEMS[signal])]))
  return (batch) => bySignal.get(signalOf(batch))!
}

/** Resolving the configuration has made sure that payloads come only to those that take them. */
function consumerOf(component: Processor | Exporter): Consumer {
  return {
    ...traitsOf(component),
    consumeTraces: (traces) => component.consumeTraces(traces),
    consumePayload: (payload) => component.consumePayload!(payload),
  }
}

function lifecycleOf(component: Component): Component {
  const result: Component = {}
  if (component.start) result.start = (host) => component.start!(host)
  if (component.shutdown) result.shutdown = (giveUp) => component.shutdown!(giveUp)
  if (component.endpoints) result.endpoints = () => component.endpoints!()
  return result
}
