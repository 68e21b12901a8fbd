import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { genericComponents } from '../components.js'
import { PermanentError, UserError } from '../errors.js'
import { encodeTraces } from '../otlp/encode-traces.js'
import { runCollector, type RunningCollector } from '../run.js'
import { memoryExporter, type MemoryExporter } from '../testing/memory-exporter.js'
import { sampleTraces } from '../testing/sample-traces.js'
import { stringAttribute, type Span, type Traces } from '../traces.js'

const running: RunningCollector[] = []
// The SDK's own variable: its spans need not gather for five seconds here.
beforeEach(() => void vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '20'))
afterEach(async () => {
  for (const collector of running.splice(0).toReversed()) await collector.shutdown()
  vi.unstubAllEnvs()
})

const patience = { timeout: 20_000 }

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

async function start(config: object, memory: MemoryExporter, port = 0): Promise<string> {
  const collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      exporters: { memory: {} },
      ...config,
    },
    factories: [...genericComponents, memory.factory],
    logger: pino({ level: 'silent' }),
    shutdownTimeoutMs: 2000,
  })
  running.push(collector)
  return collector.endpoints.find(({ name }) => name === 'OTLP/HTTP')!.url
}

const pipeline = (...exporters: string[]) => ({ pipelines: { 'traces/main': { receivers: ['otlp'], exporters } } })
const tracesTo = (endpoint: string) => ({
  telemetry: { traces: { processors: [{ batch: { exporter: { otlp: { endpoint } } } }] } },
})

function send(url: string, count: number): Promise<Response> {
  return fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-protobuf' },
    body: new Uint8Array(encodeTraces(sampleTraces(count))),
  })
}

const isOwn = ({ resourceSpans }: Traces) =>
  stringAttribute(resourceSpans[0]!.resource.attributes, 'service.name') === 'mcpcat-collector'
const spansOf = (batches: readonly Traces[]): Span[] =>
  batches.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap((group) => group.scopeSpans.flatMap(({ spans }) => spans)),
  )
const named = (spans: readonly Span[], name: string) => spans.find((span) => span.name === name)!

it('tells of what it receives, passes on and exports, in spans that belong together', async () => {
  const sink = memoryExporter()
  const sinkUrl = await start({ service: pipeline('memory') }, sink)
  const memory = memoryExporter()
  const own = { otlphttp: { endpoint: sinkUrl }, memory: {} }
  const url = await start(
    { exporters: own, service: { ...pipeline('otlphttp', 'memory'), ...tracesTo(sinkUrl) } },
    memory,
  )
  expect((await send(url, 7)).status).toBe(200)
  const seen = () => spansOf(sink.batches.filter(isOwn))
  await expect.poll(() => seen().length, patience).toBe(4)
  const [receiver, passing] = [named(seen(), 'receiver/otlp'), named(seen(), 'pipeline/traces/main')]
  const [kept, exported] = [named(seen(), 'exporter/memory'), named(seen(), 'exporter/otlphttp')]
  expect(receiver.parentSpanId).toBe('')
  expect(passing.parentSpanId).toBe(receiver.spanId)
  expect(kept.parentSpanId).toBe(passing.spanId)
  // Between lies a queue.
  expect([exported.parentSpanId, exported.links]).toMatchObject(['', [{ spanId: passing.spanId }]])
  expect(exported.attributes).toEqual(
    expect.arrayContaining([
      { key: 'otelcol.component.kind', value: { stringValue: 'exporter' } },
      { key: 'otelcol.component.id', value: { stringValue: 'otlphttp' } },
      { key: 'otelcol.signal', value: { stringValue: 'traces' } },
      { key: 'items', value: { intValue: 7n } },
    ]),
  )

  memory.behaviour = () => Promise.reject(new PermanentError('never'))
  expect((await send(url, 1)).status).toBe(400)
  await expect.poll(() => seen().filter(({ status }) => status.code === 2).length, patience).toBe(3)
  expect(seen().find(({ status }) => status.code === 2)?.status.message).toBe('never')
})

it.each(['memory', 'otlphttp'])(
  'spans of its own that come back cause no further ones, through %s',
  async (exporter) => {
    const port = await freePort()
    const sink = memoryExporter()
    const sinkUrl = await start({ service: pipeline('memory') }, sink)
    const memory = exporter === 'memory' ? sink : memoryExporter()
    const url = await start(
      {
        exporters: { otlphttp: { endpoint: sinkUrl }, memory: {} },
        service: { ...pipeline(exporter), ...tracesTo(`http://127.0.0.1:${port}`) },
      },
      memory,
      port,
    )
    const own = () => spansOf(sink.batches.filter(isOwn)).length
    // Spans about the spans of one round would come with those of the next, at the latest.
    for (let round = 1; round <= 5; round += 1) {
      await send(url, 1)
      await expect.poll(own, patience).toBe(round * 3)
    }
  },
)

it('does its work while nobody takes its spans', async () => {
  const memory = memoryExporter()
  const url = await start({ service: { ...pipeline('memory'), ...tracesTo('http://127.0.0.1:1') } }, memory)
  expect((await send(url, 3)).status).toBe(200)
  expect(memory.spans).toHaveLength(3)
})

it('names the path of a wrong setting', async () => {
  const refusal = await start(
    { service: { ...pipeline('memory'), ...tracesTo('localhost:4318') } },
    memoryExporter(),
  ).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(UserError)
  expect((refusal as UserError).message).toBe(
    'service.telemetry.traces.processors[0].batch.exporter.otlp.endpoint: expected a URL such as http://127.0.0.1:4318',
  )
})
