import { pino, type Logger } from 'pino'
import type { Factory } from './component.js'
import type { LoadedConfig } from './config/load.js'
import { resolveConfig } from './config/resolve.js'
import { buildGraph } from './pipeline/graph.js'
import { createLifecycle, type ServedEndpoint } from './pipeline/lifecycle.js'

export interface CollectorOptions {
  /** From `loadConfig`, or a plain object of the same shape. */
  readonly config: LoadedConfig | Record<string, unknown>
  /** Every component that the configuration may name. */
  readonly factories: readonly Factory[]
  /** Default: errors and warnings, as JSON lines, on stderr. */
  readonly logger?: Logger
  /** For the whole stop, over all components. Default 10 s. */
  readonly shutdownTimeoutMs?: number
}

export interface RunningCollector {
  /** Where it can be reached, in the order in which it started. */
  readonly endpoints: readonly ServedEndpoint[]
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
  const config = resolveConfig(asLoaded(options.config), factories)
  const lifecycle = createLifecycle(buildGraph(config, logger), logger, shutdownTimeoutMs)
  await lifecycle.start()
  return { endpoints: lifecycle.endpoints(), shutdown: () => lifecycle.shutdown() }
}

function asLoaded(config: LoadedConfig | Record<string, unknown>): LoadedConfig {
  if (typeof config['locate'] === 'function') return config as LoadedConfig
  return { value: config as Record<string, unknown>, locate: () => '', textAt: () => undefined }
}
