import { resolveConfig } from '@mcpcat/collector'
import { Command } from 'commander'
import { components } from '../components.js'
import { loadFromOptions, withConfigOptions, type ConfigOptions } from '../config-sources.js'

export function validateCommand(): Command {
  return withConfigOptions(new Command('validate').description('check a configuration and exit')).action(
    (options: ConfigOptions) => {
      resolveConfig(loadFromOptions(options), components)
      process.stdout.write('The configuration is valid.\n')
    },
  )
}
