import type { Logger } from 'pino'
import { SIGNALS, type Signal } from '../batch.js'
import type { Component, ComponentContext, ComponentKind, ConfiguredComponent, Factory } from '../component.js'
import { signalOfPipeline, type PipelineConfig, type ResolvedConfig } from '../config/resolve.js'
import { around, traitsOf, traitsThrough, type Consumer } from '../consumer.js'
import { reporter, type HealthBoard } from '../telemetry/health.js'
import type { MetricsRegistry } from '../telemetry/metrics.js'
import type { Tracing } from '../telemetry/tracing.js'
import { observedByReceiver, observedExporter, observedProcessor } from '../telemetry/observed.js'
import { fanOut } from './fan-out.js'

/** What components report to. */
export interface Telemetry {
  readonly logger: Logger
  readonly metrics: MetricsRegistry
  readonly health: HealthBoard
  readonly tracing: Tracing
}

/** A component that `service` uses. */
export interface Node {
  readonly kind: ComponentKind
  readonly id: string
  readonly component: Component
}

/**
 * Creates what `service` uses and joins it: receivers and exporters once per id, however many
 * pipelines name them; processors once per pipeline, since each holds the next one.
 *
 * @returns The components in the order in which they start.
 */
export function buildGraph(config: ResolvedConfig, { logger, metrics, health, tracing }: Telemetry): Node[] {
  const context = (kind: ComponentKind, id: string, pipeline?: string): ComponentContext => {
    const component = `${kind}/${id}`
    const place = pipeline ? { component, pipeline } : { component }
    return {
      id,
      ...(pipeline === undefined ? {} : { pipeline }),
      logger: logger.child(place),
      metrics: metrics.scoped(pipeline ? { [kind]: id, pipeline } : { [kind]: id }),
      reportProblem: reporter(health, pipeline ? `${component} in ${pipeline}` : component),
    }
  }
  const pipelines = Object.entries(config.service.pipelines)

  const extensions = config.service.extensions.map((id): Node => {
    const { factory, settings } = known(config.extensions, id, 'extension')
    return { kind: 'extension', id, component: factory.create(settings, context('extension', id)) }
  })

  const exporters = new Map<string, Component & Consumer>()
  for (const id of used(pipelines, 'exporters')) {
    const { factory, settings } = known(config.exporters, id, 'exporter')
    const own = { ...context('exporter', id), signals: signalsThrough(pipelines, 'exporters', id), tracing }
    exporters.set(id, observedExporter(factory.create(settings, own), own))
  }

  const processors: Node[] = []
  const entries = new Map<string, Consumer>()
  for (const [name, pipeline] of pipelines) {
    let next = fanOut(pipeline.exporters.map((id) => exporters.get(id)!))
    let traits = traitsOf(next)
    for (const id of pipeline.processors.toReversed()) {
      const { factory, settings } = known(config.processors, id, 'processor')
      const own = context('processor', id, name)
      const processor = observedProcessor(
        (consumer) => factory.create(settings, own, consumer),
        next,
        own.metrics,
        signalOfPipeline(name),
      )
      processors.push({ kind: 'processor', id, component: processor })
      traits = traitsThrough(processor, traits)
      next = processor
    }
    const traced = around(next, (batch, handOn) => tracing.around({ kind: 'pipeline', id: name }, batch, handOn))
    entries.set(name, { ...traced, ...traits })
  }

  const receivers = used(pipelines, 'receivers').map((id): Node => {
    const { factory, settings } = known(config.receivers, id, 'receiver')
    const own = { ...context('receiver', id), signals: signalsThrough(pipelines, 'receivers', id), tracing }
    const feeding = (signal: Signal): Consumer =>
      fanOut(
        pipelines
          .filter(([name, { receivers: ids }]) => ids.includes(id) && signalOfPipeline(name) === signal)
          .map(([name]) => entries.get(name)!),
      )
    const consumer = observedByReceiver(bySignal(feeding), own)
    return { kind: 'receiver', id, component: factory.create(settings, own, consumer) }
  })

  const exporterNodes = [...exporters].map(([id, component]): Node => ({ kind: 'exporter', id, component }))
  return [...extensions, ...exporterNodes, ...processors, ...receivers]
}

/** Each batch to the pipelines of its signal. */
function bySignal(feeding: (signal: Signal) => Consumer): Consumer {
  const { traces, metrics, logs } = { traces: feeding('traces'), metrics: feeding('metrics'), logs: feeding('logs') }
  return {
    ...traitsOf(traces),
    consumeTraces: (batch) => traces.consumeTraces(batch),
    consumePayload: (payload) => (payload.signal === 'metrics' ? metrics : logs).consumePayload(payload),
  }
}

function signalsThrough(
  pipelines: readonly [string, PipelineConfig][],
  kind: 'receivers' | 'exporters',
  id: string,
): Signal[] {
  const names = pipelines.filter(([, pipeline]) => pipeline[kind].includes(id)).map(([name]) => name)
  return SIGNALS.filter((signal) => names.some((name) => signalOfPipeline(name) === signal))
}

function used(pipelines: readonly [string, PipelineConfig][], kind: 'receivers' | 'exporters'): string[] {
  return [...new Set(pipelines.flatMap(([, pipeline]) => pipeline[kind]))]
}

/** Resolving the configuration has made sure that every id is there and of its kind. */
function known<Kind extends ComponentKind>(
  section: ReadonlyMap<string, ConfiguredComponent>,
  id: string,
  kind: Kind,
): { factory: Extract<Factory, { kind: Kind }>; settings: unknown } {
  const found = section.get(id)
  if (found?.factory.kind !== kind) throw new Error(`no ${kind} ${id}`)
  return { factory: found.factory as Extract<Factory, { kind: Kind }>, settings: found.config }
}
