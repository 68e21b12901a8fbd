import { Command } from 'commander'
import { withConfigOptions, type ConfigOptions } from '../config-options.js'
import { boundOldGeneration } from '../heap/old-generation.js'
import { stopSignal } from '../stop-signal.js'

export function collectorCommand(): Command {
  return withConfigOptions(
    new Command('collector').description('run the collector, with the dashboard when it is configured'),
  ).action(async (options: ConfigOptions) => {
    // Listens before anything is opened, so that Ctrl-C during the start closes it properly.
    const { stopped } = stopSignal()
    boundOldGeneration()
    const { runUntilStopped } = await import('../run-collector.js')
    await runUntilStopped(options, stopped)
  })
}
