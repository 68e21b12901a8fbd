import { runCollector, type RunningCollector } from '@mcpcat/collector'
import { Command } from 'commander'
import { components } from '../components.js'
import { loadFromOptions, withConfigOptions, type ConfigOptions } from '../config-sources.js'
import { createLogger } from '../output/logger.js'
import { greeting } from '../output/greeting.js'
import { stopSignal } from '../stop-signal.js'
import { boundOldGeneration } from '../heap/old-generation.js'

/** Past this the process ends, whatever still holds it. */
const STOP_TIMEOUT_MS = 10_000

export function collectorCommand(): Command {
  return withConfigOptions(
    new Command('collector').description('run the collector, with the dashboard when it is configured'),
  ).action(async (options: ConfigOptions) => {
    // Listens before anything is opened, so that Ctrl-C during the start closes it properly.
    const stop = stopSignal()
    boundOldGeneration()
    const human = process.stderr.isTTY
    const collector = await runCollector({
      config: loadFromOptions(options),
      factories: components,
      logger: createLogger(human),
      shutdownTimeoutMs: STOP_TIMEOUT_MS,
    })
    process.stdout.write(greeting(collector.endpoints))
    tellParent(collector)
    await stop.stopped
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS + 1000).unref()
    await collector.shutdown()
    // An engine's threads or a sender's socket may still hold the process; all is flushed.
    process.exit(0)
  })
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
