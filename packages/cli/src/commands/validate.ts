import { Command } from 'commander'
import { withConfigOptions, type ConfigOptions } from '../config-options.js'

export function validateCommand(): Command {
  return withConfigOptions(new Command('validate').description('check a configuration and exit')).action(
    async (options: ConfigOptions) => {
      const { resolvedConfig } = await import('../resolved-config.js')
      const { remarks } = await resolvedConfig(options)
      for (const remark of remarks) process.stdout.write(`${remark}\n`)
      process.stdout.write('The configuration is valid.\n')
    },
  )
}
