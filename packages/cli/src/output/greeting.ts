import type { ServedEndpoint } from '@mcpcat/collector'

/** What a person wants to know when the collector has started. */
export function greeting(endpoints: readonly ServedEndpoint[]): string {
  const lines = ['', '  MCPcat collector is running.', '']
  const width = Math.max(0, ...endpoints.map(({ name }) => name.length))
  for (const { name, url } of endpoints) lines.push(`  ${name.padEnd(width)}  ${url}`)
  const otlp = endpoints.find(({ name }) => name === 'OTLP/HTTP')
  if (otlp)
    lines.push(
      '',
      '  Instrument an MCP server:',
      `  MCPCAT_ENDPOINT=${otlp.url} node --require @mcpcat/register server.js`,
    )
  return `${lines.join('\n')}\n\n`
}
