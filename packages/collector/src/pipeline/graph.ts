import type { Logger } from 'pino'
import type { Component, ComponentContext, ComponentKind, Exporter, Factory } from '../component.js'
import type { ConfiguredComponent, PipelineConfig, ResolvedConfig } from '../config/resolve.js'
import type { TracesConsumer } from '../consumer.js'
import { reporter, type HealthBoard } from '../telemetry/health.js'
import type { MetricsRegistry } from '../telemetry/metrics.js'
import { observedByReceiver, observedExporter, observedProcessor } from '../telemetry/observed.js'
import { fanOut } from './fan-out.js'

/** What components report to. */
export interface Telemetry {
  readonly logger: Logger
  readonly metrics: MetricsRegistry
  readonly health: HealthBoard
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
export function buildGraph(config: ResolvedConfig, { logger, metrics, health }: Telemetry): Node[] {
  const context = (kind: ComponentKind, id: string, pipeline?: string): ComponentContext => {
    const component = `${kind}/${id}`
    const place = pipeline ? { component, pipeline } : { component }
    return {
      id,
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

  const exporters = new Map<string, Exporter>()
  for (const id of used(pipelines, 'exporters')) {
    const { factory, settings } = known(config.exporters, id, 'exporter')
    const own = context('exporter', id)
    exporters.set(id, observedExporter(factory.create(settings, own), own.metrics))
  }

  const processors: Node[] = []
  const entries = new Map<string, TracesConsumer>()
  for (const [name, pipeline] of pipelines) {
    let next = fanOut(pipeline.exporters.map((id) => exporters.get(id)!))
    let mutatesData = next.mutatesData ?? false
    for (const id of pipeline.processors.toReversed()) {
      const { factory, settings } = known(config.processors, id, 'processor')
      const own = context('processor', id, name)
      const processor = observedProcessor((consumer) => factory.create(settings, own, consumer), next, own.metrics)
      processors.push({ kind: 'processor', id, component: processor })
      mutatesData ||= processor.mutatesData ?? false
      next = processor
    }
    const first = next
    entries.set(name, { mutatesData, consumeTraces: (traces) => first.consumeTraces(traces) })
  }

  const receivers = used(pipelines, 'receivers').map((id): Node => {
    const { factory, settings } = known(config.receivers, id, 'receiver')
    const targets = pipelines
      .filter(([, pipeline]) => pipeline.receivers.includes(id))
      .map(([name]) => entries.get(name)!)
    const own = context('receiver', id)
    const consumer = observedByReceiver(fanOut(targets), own.metrics)
    return { kind: 'receiver', id, component: factory.create(settings, own, consumer) }
  })

  const exporterNodes = [...exporters].map(([id, component]): Node => ({ kind: 'exporter', id, component }))
  return [...extensions, ...exporterNodes, ...processors, ...receivers]
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
