import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics, type Exporter, type Span } from '@mcpcat/collector'
import { exporterContract, recordingConsumer, sampleTraces, testContext, testHost } from '@mcpcat/collector/testing'
import { mcpcatEventsReceiver } from '@mcpcat/receiver-mcpcat-events'
import { pino } from 'pino'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
// What the exporter in the process is held to as well.
import { eventSchema } from '../../exporter/src/testing/event-schema.js'
import { mcpcatExporter } from './index.js'

interface Received {
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly event: Record<string, unknown>
}

/** Stands in for the hosted API: takes what its schema takes, and answers as it is told. */
let received: Received[] = []
let answer: (response: ServerResponse, event: Record<string, unknown>) => void
const api: Server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const event = eventSchema.parse(JSON.parse(Buffer.concat(chunks).toString()))
    received.push({ url: request.url, headers: request.headers, event })
    answer(response, event)
  })
})
await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
afterAll(() => {
  api.close()
  api.closeAllConnections()
})

const running: Exporter[] = []
beforeEach(() => {
  received = []
  answer = (response) => response.writeHead(202).end('{}')
})
afterEach(async () => {
  for (const exporter of running.splice(0)) await exporter.shutdown?.(AbortSignal.abort())
})

const quick = { retry_on_failure: { initial_interval: '1ms', max_interval: '2ms' } }

async function start(settings: object = {}) {
  const metrics = createMetrics()
  const log: unknown[] = []
  const exporter = mcpcatExporter.create(mcpcatExporter.configSchema.parse({ endpoint, ...quick, ...settings }), {
    ...testContext('mcpcat'),
    metrics: metrics.scoped({}),
    logger: pino({ level: 'warn' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
  })
  running.push(exporter)
  await exporter.start?.(testHost())
  const figure = (name: string) =>
    Number(new RegExp(`^otelcol_exporter_${name}(?:{.*})? (.*)$`, 'm').exec(metrics.render())?.[1])
  return { exporter, figure, log }
}

/** The only span of a batch. */
function only(traces: ReturnType<typeof sampleTraces>): Span {
  return traces.resourceSpans[0]!.scopeSpans[0]!.spans[0]!
}

describe('mcpcat keeps the contract of exporters:', () => {
  const cases = exporterContract(mcpcatExporter, { config: { endpoint }, arrived: async () => received.length })
  for (const { name, run } of cases) it(name, run)
})

it('sends a span as the event that the API takes', async () => {
  const { exporter } = await start({ project_id: 'proj_1', api_key: 'secret', headers: { 'x-team': 'orchard' } })
  const traces = sampleTraces(1)
  only(traces).attributes.push(
    { key: 'user.id', value: { stringValue: 'ada' } },
    { key: 'mcpcat.tag.env', value: { stringValue: 'prod' } },
    { key: 'retries', value: { intValue: 3n } },
    { key: 'gen_ai.tool.call.result', value: { stringValue: '{"content":[]}' } },
  )
  await exporter.consumeTraces(traces)
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1)
  const { url, headers, event } = received[0]!
  expect(url).toBe('/v1/public/events/')
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    authorization: 'Bearer secret',
    'x-team': 'orchard',
  })
  expect(event).toMatchObject({
    project_id: 'proj_1',
    event_type: 'mcp:tools/call',
    resource_name: 'search_files',
    duration: 25,
    is_error: false,
    client_name: 'claude-code',
    server_version: '1.4.0',
    identify_actor_given_id: 'ada',
    tags: { env: 'prod' },
    response: { content: [] },
    properties: {
      trace_id: only(traces).traceId,
      span_id: only(traces).spanId,
      start_time_unix_nano: String(only(traces).startTimeUnixNano),
      'mcp.session.id': 'session-0',
      retries: 3,
    },
  })
})

it('leaves out spans that are no MCP events, and counts them', async () => {
  const { exporter, figure } = await start()
  const traces = sampleTraces(3)
  traces.resourceSpans[0]!.scopeSpans[0]!.spans[1]!.attributes = []
  await exporter.consumeTraces(traces)
  await expect.poll(() => figure('sent_spans'), { timeout: 20_000 }).toBe(2)
  expect(figure('skipped_spans')).toBe(1)
  expect(received).toHaveLength(2)
})

it('tries every 5xx again, only what is left, and under the same ids', async () => {
  const statuses = [500, 501, 503, 507, 429, 408]
  answer = (response) => response.writeHead(statuses.shift() ?? 202).end()
  const { exporter, figure } = await start()
  await exporter.consumeTraces(sampleTraces(30))
  await expect.poll(() => figure('sent_spans'), { timeout: 20_000 }).toBe(30)
  expect(new Set(received.map(({ event }) => event['id'])).size).toBe(30)
  expect(received).toHaveLength(36)
  expect([figure('send_failed_spans'), figure('pending_spans')]).toEqual([0, 0])
})

it('waits as long as Retry-After says', async () => {
  answer = (response) => {
    if (received.length === 1) response.writeHead(503, { 'Retry-After': '1' }).end()
    else response.writeHead(202).end()
  }
  const { exporter, figure, log } = await start()
  await exporter.consumeTraces(sampleTraces(1))
  await expect.poll(() => figure('sent_spans'), { timeout: 20_000 }).toBe(1)
  // Its own interval is a thousandth of that.
  expect(log).toMatchObject([{ reason: `${endpoint}/v1/public/events/ answered 503`, retryInMs: 1000 }])
})

it('counts what is refused for good, and delivers the rest', async () => {
  answer = (response, event) =>
    response
      .writeHead((event['properties'] as { 'jsonrpc.request.id': string })['jsonrpc.request.id'] === '4' ? 422 : 202)
      .end()
  const { exporter, figure } = await start()
  await exporter.consumeTraces(sampleTraces(10))
  await expect.poll(() => figure('sent_spans'), { timeout: 20_000 }).toBe(9)
  expect(figure('send_failed_spans')).toBe(1)
  expect(received).toHaveLength(10)
})

const key = ({ traceId, spanId, startTimeUnixNano, endTimeUnixNano, name, kind }: Span): string =>
  [traceId, spanId, startTimeUnixNano, endTimeUnixNano, name, kind].join(' ')

it('what is sent reaches our own receiver of the protocol with its ids, times and attributes', async () => {
  const arrived = recordingConsumer()
  const receiver = mcpcatEventsReceiver.create(
    mcpcatEventsReceiver.configSchema.parse({ endpoint: '127.0.0.1:0' }),
    testContext('mcpcat_events'),
    arrived,
  )
  await receiver.start?.(testHost())
  const { exporter } = await start({ endpoint: receiver.endpoints!()[0]!.url })
  const traces = sampleTraces(20)
  await exporter.consumeTraces(traces)
  await exporter.shutdown?.()
  await receiver.shutdown?.()
  const sent = traces.resourceSpans[0]!.scopeSpans[0]!.spans
  expect(new Set(arrived.spans.map(key))).toEqual(new Set(sent.map(key)))
  for (const span of arrived.spans) {
    const names = span.attributes.map((attribute) => attribute.key)
    expect(names).toEqual(expect.arrayContaining(['mcp.session.id', 'jsonrpc.request.id', 'mcpcat.intent']))
  }
})
