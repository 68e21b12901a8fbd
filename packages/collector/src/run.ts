import { pino, type Logger } from 'pino'
import type { Component, Factory } from './component.js'
import type { LoadedConfig } from './config/load.js'
import { resolveConfig, type ResolvedConfig } from './config/resolve.js'
import { buildGraph, type Node, type Telemetry } from './pipeline/graph.js'
import { createLifecycle, type ServedEndpoint } from './pipeline/lifecycle.js'
import { loadPlugins } from './plugins.js'
import { createHealth } from './telemetry/health.js'
import { metricsEndpoint } from './telemetry/metrics-endpoint.js'
import { createMetrics } from './telemetry/metrics.js'
import { noTracing, type Tracing } from './telemetry/tracing.js'
import { addProcessMetrics } from './telemetry/process-metrics.js'

export interface CollectorOptions {
  /** From `loadConfig`, or a plain object of the same shape. */
  readonly config: LoadedConfig | Record<string, unknown>
  /** Every component that the configuration may name, beside those that its `plugins` bring. */
  readonly factories: readonly Factory[]
  /** Default: errors and warnings, as JSON lines, on stderr. */
  readonly logger?: Logger
  /** For the whole stop, over all components. Default 10 s. */
  readonly shutdownTimeoutMs?: number
}

export interface RunningCollector {
  /** Where it can be reached, in the order in which it started. */
  readonly endpoints: readonly ServedEndpoint[]
  /** Its own figures, in Prometheus text; also when it has stopped. */
  metrics(): string
  /** Stops accepting, flushes, stops. Idempotent; never rejects; settles within the bound. */
  shutdown(): Promise<void>
}

/**
 * Validates, builds and starts a collector.
 *
 * @example
 * const collector = await runCollector({ config: loadConfig({ sources: [readConfigFile('otel-collector.yaml')] }), factories })
 * await collector.shutdown()
 *
 * @throws UserError for a wrong configuration, a port in use and the like; nothing is left running.
 */
export async function runCollector(options: CollectorOptions): Promise<RunningCollector> {
  const { factories, shutdownTimeoutMs = 10_000 } = options
  const logger = options.logger ?? pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  const loaded = asLoaded(options.config)
  const config = resolveConfig(loaded, [...factories, ...(await loadPlugins(loaded))])
  logger.level = config.service.telemetry.logs.level ?? logger.level
  for (const remark of config.remarks) logger.warn(remark)
  const ownTraces = await tracesOf(config, logger)
  const telemetry = { logger, metrics: createMetrics(), health: createHealth(), tracing: ownTraces ?? noTracing }
  const lifecycle = createLifecycle(
    [
      // First, and so the last to stop: it tells of the stop as well.
      ...(ownTraces ? [{ kind: 'extension' as const, id: 'traces', component: ownTraces }] : []),
      ...ownNodes(config, telemetry),
      ...buildGraph(config, telemetry),
    ],
    telemetry,
    shutdownTimeoutMs,
  )
  await lifecycle.start()
  return {
    endpoints: lifecycle.endpoints(),
    metrics: () => telemetry.metrics.render(),
    shutdown: () => lifecycle.shutdown(),
  }
}

/** What the collector itself serves, beside its components. */
function ownNodes({ service }: ResolvedConfig, { metrics }: Telemetry): Node[] {
  addProcessMetrics(metrics.scoped({}))
  const { address } = service.telemetry.metrics
  return address ? [{ kind: 'extension', id: 'metrics', component: metricsEndpoint(address, metrics) }] : []
}

/** The SDK is loaded when somebody asks for spans. */
async function tracesOf({ service }: ResolvedConfig, logger: Logger): Promise<(Tracing & Component) | undefined> {
  const { traces } = service.telemetry
  if (traces.processors.length === 0) return undefined
  const { createOwnTraces } = await import('./telemetry/own-traces.js')
  return createOwnTraces(traces, logger)
}

function asLoaded(config: LoadedConfig | Record<string, unknown>): LoadedConfig {
  if (typeof config['locate'] === 'function') return config as LoadedConfig
  return { value: config as Record<string, unknown>, locate: () => '', textAt: () => undefined }
}
