import { runCollector, type RunningCollector } from '@mcpcat/collector'
import { components } from './components.js'
import type { ConfigOptions } from './config-options.js'
import { loadFromOptions } from './config-sources.js'
import { greeting } from './output/greeting.js'
import { createLogger } from './output/logger.js'

/** Past this the process ends, whatever still holds it. */
const STOP_TIMEOUT_MS = 10_000

/** Runs the configured collector, and ends the process once it was told to stop. */
export async function runUntilStopped(options: ConfigOptions, stopped: Promise<void>): Promise<never> {
  const human = process.stderr.isTTY
  const collector = await runCollector({
    config: loadFromOptions(options),
    factories: components,
    logger: createLogger(human),
    shutdownTimeoutMs: STOP_TIMEOUT_MS,
  })
  process.stdout.write(greeting(collector.endpoints))
  tellParent(collector)
  await stopped
  setTimeout(() => process.exit(1), STOP_TIMEOUT_MS + 1000).unref()
  await collector.shutdown()
  // An engine's threads or a sender's socket may still hold the process; all is flushed.
  process.exit(0)
}

/** A supervisor with an IPC channel hears when traffic may come, and where. */
function tellParent({ endpoints }: RunningCollector): void {
  const url = (name: string) => endpoints.find((endpoint) => endpoint.name === name)?.url
  process.send?.({
    type: 'ready',
    otlpHttp: url('OTLP/HTTP'),
    dashboard: url('dashboard'),
    health: url('health'),
    otlpGrpc: url('OTLP/gRPC'),
  })
}
