// One subject in one process: `node subject.mjs <name> <port> <rounds>`; reports JSON on stdout.
import { setImmediate as turn } from 'node:timers/promises'
import { addSpanContent } from '@mcpcat/semconv'
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { SpanKind } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'

const [, , name, port, calls, size] = process.argv
const endpoint = `http://127.0.0.1:${port}`
const mcpcat = (options) => [new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint }), options)]
const SUBJECTS = {
  'no processor': () => [],
  'OTel batch processor, no content': () => [
    new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }), { maxQueueSize: 10_000 }),
  ],
  'McpcatSpanProcessor, content none': () => mcpcat({ content: 'none' }),
  'McpcatSpanProcessor, content shape': () => mcpcat({ content: 'shape' }),
  'McpcatSpanProcessor, content redacted': () => mcpcat(),
  'McpcatSpanProcessor, content redacted, text hook': () => mcpcat({ redact: (text) => text }),
}

const spanProcessors = SUBJECTS[name]()
const provider = new BasicTracerProvider({ spanProcessors })
const tracer = provider.getTracer('bench')
const request = { name: 'search', arguments: { query: 'x'.repeat(200), limit: 10, owner: 'jane@example.com' } }

function makeResult(bytes) {
  const rows = []
  for (let total = 0; total < bytes;) {
    const row = JSON.stringify({ id: rows.length, mail: `user${rows.length}@example.com`, note: 'the quick brown fox' })
    rows.push(row)
    total += row.length + 1
  }
  return { content: [{ type: 'text', text: `[${rows.join()}]` }] }
}

function call(index, result) {
  const attributes = {
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': 'search',
    'gen_ai.operation.name': 'execute_tool',
    'jsonrpc.request.id': String(index),
    'mcp.protocol.version': '2025-11-25',
    'network.transport': 'pipe',
    'mcpcat.connection.id': 'con_1',
    'mcp.client.name': 'bench-span',
    'mcp.client.version': '1.0.0',
    'mcpcat.intent': 'Find the code that validates sessions before a permission check is added',
  }
  const span = tracer.startSpan('tools/call search', { kind: SpanKind.SERVER, attributes })
  addSpanContent(span, { request, response: result })
  span.end()
}

async function cost() {
  const result = makeResult(300)
  for (let index = 0; index < 2000; index++) {
    call(index, result)
    await turn()
  }
  await provider.forceFlush()
  const times = []
  const before = process.cpuUsage()
  for (let index = 0; index < Number(calls); index++) {
    const began = process.hrtime.bigint()
    call(index, result)
    times.push(Number(process.hrtime.bigint() - began) / 1000)
    await turn()
  }
  await provider.forceFlush()
  const used = process.cpuUsage(before)
  times.sort((a, b) => a - b)
  return { p50: times[times.length >> 1], cpu: (used.user + used.system) / Number(calls), made: Number(calls) + 2000 }
}

// The longest time between two turns of the event loop while contents of this size are worked off.
async function stall() {
  const result = makeResult(Number(size))
  call(0, result)
  await provider.forceFlush()
  const longest = []
  for (let round = 0; round < Number(calls); round++) {
    const state = { isDone: false }
    let max = 0
    call(round, result)
    const began = process.cpuUsage()
    const flushed = provider.forceFlush().then(() => (state.isDone = true))
    for (let last = performance.now(); !state.isDone;) {
      await turn()
      const now = performance.now()
      max = Math.max(max, now - last)
      last = now
    }
    await flushed
    const used = process.cpuUsage(began)
    longest.push({ max, cpu: (used.user + used.system) / 1000 })
  }
  const median = (key) => longest.map((one) => one[key]).toSorted((a, b) => a - b)[longest.length >> 1]
  return { stall: median('max'), cpuMillis: median('cpu'), made: Number(calls) + 1 }
}

process.stdout.write(`${JSON.stringify(size === undefined ? await cost() : await stall())}\n`)
await provider.shutdown()
