import { loadPlugins, resolveConfig } from '@mcpcat/collector'
import { Command } from 'commander'
import { components } from '../components.js'
import { loadFromOptions, withConfigOptions, type ConfigOptions } from '../config-sources.js'

export function validateCommand(): Command {
  return withConfigOptions(new Command('validate').description('check a configuration and exit')).action(
    async (options: ConfigOptions) => {
      const config = loadFromOptions(options)
      const resolved = resolveConfig(config, [...components, ...(await loadPlugins(config))])
      for (const remark of resolved.remarks) process.stdout.write(`${remark}\n`)
      process.stdout.write('The configuration is valid.\n')
    },
  )
}
