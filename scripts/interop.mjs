// npm run test:interop [-- name …]: programs of others in front of our collector, behind it, and sending to it.
// Needs Go (1.25 or newer) and Python (3.10 or newer); the first run builds for a while.
import { jaeger, otelcol, python } from './lib/interop-tools.mjs'
import { dim, fail, green, red } from './lib/terminal.mjs'
import { built } from './lib/workspace.mjs'

await built()
const { otelcolBehind, otelcolInFront, otelcolLoadbalancing } = await import('../test/dist/interop/otelcol.js')
const { jaegerBehind } = await import('../test/dist/interop/jaeger.js')
const { pythonExporters, pythonMcpServer, pythonTracked, trackedSdks } = await import('../test/dist/interop/python.js')

const official = () =>
  python('python-official-1.45.2-2.3.0', [
    'opentelemetry-sdk==1.45.2',
    'opentelemetry-exporter-otlp-proto-http==1.45.2',
    'opentelemetry-exporter-otlp-proto-grpc==1.45.2',
    'mcp==2.3.0',
  ])
const [mcpcat, agentcat] = trackedSdks

/** What is tested, with what, and how that is made. */
const parts = [
  { name: 'otelcol-in-front', tool: otelcol, test: otelcolInFront },
  { name: 'otelcol-behind', tool: otelcol, test: otelcolBehind },
  { name: 'otelcol-loadbalancing', tool: otelcol, test: otelcolLoadbalancing },
  { name: 'jaeger', tool: jaeger, test: jaegerBehind },
  { name: 'python-exporters', tool: official, test: pythonExporters },
  { name: 'python-mcp', tool: official, test: pythonMcpServer },
  {
    name: 'python-mcpcat',
    tool: () => python('python-mcpcat-0.1.15', ['mcpcat==0.1.15', 'mcp==1.30.0']),
    test: (path) => pythonTracked(path, mcpcat),
  },
  {
    name: 'python-agentcat',
    tool: () => python('python-agentcat-2.1.0', ['agentcat==2.1.0', 'mcp==2.3.0']),
    test: (path) => pythonTracked(path, agentcat),
  },
]

const wanted = process.argv.slice(2)
const chosen = parts.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
if (chosen.length === 0)
  fail(`no part is called ${wanted.join(' ')}; there are ${parts.map(({ name }) => name).join(', ')}`)

const failures = []
for (const { name, tool, test } of chosen) {
  const start = Date.now()
  const line = await tool()
    .then(test)
    .then(
      (seen) => `${green('✓')} ${name}: ${seen}`,
      (error) => {
        failures.push(`${red('✗')} ${name}\n${error.output ?? error.stack}`)
        return `${red('✗')} ${name}: ${String(error.message).split('\n', 1)[0]}`
      },
    )
  process.stdout.write(`${line} ${dim(`${((Date.now() - start) / 1000).toFixed(1)} s`)}\n`)
}
if (failures.length > 0) fail(`${failures.length} of ${chosen.length} failed`, failures.join('\n\n'))
process.stdout.write(`${green('✓')} ${chosen.length} of ${chosen.length}\n`)
// What a broken part may have left open holds nobody.
process.exit(0)
