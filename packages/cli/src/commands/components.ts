import type { ComponentKind } from '@mcpcat/collector'
import { Command } from 'commander'
import { components } from '../components.js'

const KINDS: readonly ComponentKind[] = ['receiver', 'processor', 'exporter', 'extension']

export function componentsCommand(): Command {
  return new Command('components').description('list the components that a configuration may use').action(() => {
    const width = Math.max(...components.map(({ type }) => type.length))
    for (const kind of KINDS) {
      process.stdout.write(`${kind}s\n`)
      for (const { type, description } of components.filter((factory) => factory.kind === kind))
        process.stdout.write(`  ${type.padEnd(width)}  ${description}\n`)
    }
  })
}
