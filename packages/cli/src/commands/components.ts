import { Command } from 'commander'
import { withConfigOptions, type ConfigOptions } from '../config-options.js'

export function componentsCommand(): Command {
  return withConfigOptions(
    new Command('components').description('list the components that a configuration may use, plug-ins included'),
  ).action(async (options: ConfigOptions) => {
    const { offeredComponents } = await import('../resolved-config.js')
    const { componentTable } = await import('../output/component-table.js')
    process.stdout.write(componentTable(await offeredComponents(options)))
  })
}
