import { signalsOf, type ComponentKind, type Factory } from '@mcpcat/collector'

const KINDS: readonly ComponentKind[] = ['receiver', 'processor', 'exporter', 'extension']

/** What each component is for, by kind. */
export function componentTable(factories: readonly Factory[]): string {
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
