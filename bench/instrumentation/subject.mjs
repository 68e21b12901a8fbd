// One subject in one process: `node --expose-gc subject.mjs <subject> <port> <calls> [heap]`; reports JSON on stdout.
import { setImmediate as turn } from 'node:timers/promises'
import { context, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { instrumentServer } from '@mcpcat/instrumentation-mcp'
import { z } from 'zod'

const [, , subject, port, calls, mode] = process.argv
const [generation, what] = subject.split(' ')
const endpoint = `http://127.0.0.1:${port}`

const batch = () =>
  new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }), { maxQueueSize: 10_000 })
const PROCESSORS = {
  bare: () => [],
  floor: () => [batch()],
  lean: () => [batch()],
  mcpcat: () => [new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint }))],
}

const spanProcessors = PROCESSORS[what]()
const provider = new BasicTracerProvider({ spanProcessors })
if (what !== 'bare') {
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
}

const { McpServer, Client, InMemoryTransport } =
  generation === 'v1'
    ? {
        ...(await import('@modelcontextprotocol/sdk/server/mcp.js')),
        ...(await import('@modelcontextprotocol/sdk/client/index.js')),
        ...(await import('@modelcontextprotocol/sdk/inMemory.js')),
      }
    : { ...(await import('@modelcontextprotocol/server')), ...(await import('@modelcontextprotocol/client')) }

const server = new McpServer({ name: 'bench', version: '1.0.0' })
const answer = { content: [{ type: 'text', text: 'y'.repeat(300) }] }
const tracer = trace.getTracer('bench')
server.registerTool('search', { inputSchema: { query: z.string(), limit: z.number() } }, () => {
  if (what === 'floor') handMadeSpan()
  return answer
})
if (what === 'lean' || what === 'mcpcat') instrumentServer(server)

/** What OpenTelemetry costs at the least: one span with ten attributes. */
function handMadeSpan() {
  const attributes = {
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': 'search',
    'gen_ai.operation.name': 'execute_tool',
    'jsonrpc.request.id': '1',
    'mcp.protocol.version': '2025-11-25',
    'network.transport': 'pipe',
    'mcp.client.name': 'bench-span',
    'mcp.client.version': '1.0.0',
    'mcp.server.name': 'bench',
    'mcp.server.version': '1.0.0',
  }
  tracer.startSpan('tools/call search', { kind: SpanKind.SERVER, attributes }).end()
}

const client = new Client({ name: 'bench-span', version: '1.0.0' })
const [near, far] = InMemoryTransport.createLinkedPair()
await server.connect(far)
await client.connect(near)
await client.listTools()

const query = 'x'.repeat(200)
const call = () =>
  client.callTool({ name: 'search', arguments: { query, limit: 10, context: 'to find out what it costs' } })
const bareCall = () => client.callTool({ name: 'search', arguments: { query, limit: 10 } })
const one = what === 'lean' || what === 'mcpcat' ? call : bareCall

async function run(count) {
  const times = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const from = performance.now()
    await one()
    times[index] = performance.now() - from
    await turn()
  }
  return times
}

const heapNow = () => {
  gc()
  gc()
  return process.memoryUsage().heapUsed / 1e6
}

await run(3000)
if (mode === 'heap') {
  await provider.forceFlush()
  const before = heapNow()
  await run(Number(calls))
  await provider.forceFlush()
  console.log(JSON.stringify({ before, after: heapNow() }))
} else {
  const cpu = process.cpuUsage()
  const times = await run(Number(calls))
  await provider.forceFlush()
  const { user, system } = process.cpuUsage(cpu)
  const p50 = 1000 * times.toSorted()[times.length >> 1]
  console.log(JSON.stringify({ p50, cpu: (user + system) / Number(calls) }))
}
await client.close()
await provider.shutdown()
