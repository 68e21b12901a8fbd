import { loadPlugins, signalsOf, type ComponentKind, type Factory } from '@mcpcat/collector'
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
    const own = factories.filter((factory) => factory.kind === kind)
    const rows = own.map((factory) => `  ${factory.type.padEnd(width)}  ${factory.description}${signals(factory)}`)
    return [`${kind}s`, ...rows, ''].join('\n')
  }).join('')
}

/** Traces go without saying. */
function signals(factory: Factory): string {
  const taken = signalsOf(factory)
  return taken.some((signal) => signal !== 'traces') ? ` (${taken.join(', ')})` : ''
}
