import { loadPlugins, type ComponentKind, type Factory } from '@mcpcat/collector'
import { Command } from 'commander'
import { components } from '../components.js'
import { loadFromOptions, withConfigOptions, type ConfigOptions } from '../config-sources.js'

const KINDS: readonly ComponentKind[] = ['receiver', 'processor', 'exporter', 'extension']

export function componentsCommand(): Command {
  return withConfigOptions(
    new Command('components').description('list the components that a configuration may use, plug-ins included'),
  ).action(async (options: ConfigOptions) => {
    process.stdout.write(table([...components, ...(await loadPlugins(loadFromOptions(options)))]))
  })
}

function table(factories: readonly Factory[]): string {
  const width = Math.max(...factories.map(({ type }) => type.length))
  return KINDS.map((kind) => {
    const rows = factories.filter((factory) => factory.kind === kind)
    return [`${kind}s`, ...rows.map(({ type, description }) => `  ${type.padEnd(width)}  ${description}`), ''].join(
      '\n',
    )
  }).join('')
}
