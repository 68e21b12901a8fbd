import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { instrumentServer } from '@mcpcat/instrumentation-mcp'
import type { EventDetail, Page, Session, SessionEvent } from '@mcpcat/store'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { trace } from '@opentelemetry/api'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { eventually, getJson, startCollector, type RunningCollector } from '../end-to-end/collector.js'
import { freePort } from '../harness/free-port.js'

let overOtlp: RunningCollector
let overEvents: RunningCollector
/** What comes over OTLP, passed on by the `mcpcat` exporter. */
let passedOn: RunningCollector

beforeAll(async () => {
  const [port, otherPort] = [await freePort(), await freePort()]
  overEvents = await startCollector(...takingEvents(port))
  passedOn = await startCollector(...takingEvents(otherPort))
  overOtlp = await startCollector(
    `exporters.mcpcat.endpoint=http://127.0.0.1:${otherPort}`,
    'service.pipelines.traces.exporters=[store, mcpcat]',
  )
  const provider = new BasicTracerProvider({
    spanProcessors: [
      new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint: overOtlp.otlp })),
      new McpcatSpanProcessor(new McpcatSpanExporter({ apiUrl: `http://127.0.0.1:${port}` })),
    ],
  })
  trace.setGlobalTracerProvider(provider)
  await Promise.all([converse('claude-code', 'ada'), converse('cursor-vscode', 'grace')])
  await provider.forceFlush()
})
afterAll(async () => {
  trace.disable()
  for (const collector of [overOtlp, overEvents, passedOn]) await collector.stop()
})

const ways: [string, () => RunningCollector][] = [
  ['over the events API', () => overEvents],
  ['over OTLP, and through a collector, over the events API', () => passedOn],
]

it.each(ways)('the same traffic is the same sessions: %s', async (_way, collector) => {
  const [expected, got] = [await sessions(overOtlp), await sessions(collector())]
  expect(expected).toHaveLength(2)
  expect(expected.map(({ toolCalls, errors, user }) => ({ toolCalls, errors, user: user?.id }))).toEqual(
    expect.arrayContaining([
      { toolCalls: 2, errors: 1, user: 'ada' },
      { toolCalls: 2, errors: 1, user: 'grace' },
    ]),
  )
  expect(got).toEqual(expected)
})

it.each(ways)('and each event carries the same: %s', async (_way, collector) => {
  for (const { id } of await sessions(overOtlp)) {
    const [expected, got] = [await events(overOtlp, id), await events(collector(), id)]
    expect(expected.map(({ method }) => method)).toContain('tools/call')
    expect(got).toEqual(expected)
  }
})

function takingEvents(port: number): string[] {
  return [
    `receivers.mcpcat_events.endpoint=127.0.0.1:${port}`,
    'service.pipelines.traces.receivers=[otlp, mcpcat_events]',
  ]
}

async function sessions({ dashboard }: RunningCollector): Promise<Session[]> {
  const page = await eventually(
    () => getJson<Page<Session>>(`${dashboard}/api/v1/sessions`),
    ({ items }) => items.reduce((sum, { toolCalls }) => sum + toolCalls, 0) === 4,
  )
  return page.items.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** What a person sees of each event; the attributes differ in how the two protocols write them. */
async function events({ dashboard }: RunningCollector, session: string): Promise<Partial<EventDetail>[]> {
  const { items } = await getJson<Page<SessionEvent>>(`${dashboard}/api/v1/sessions/${session}/events?limit=200`)
  const details = await Promise.all(items.map(({ id }) => getJson<EventDetail>(`${dashboard}/api/v1/events/${id}`)))
  return details.map((detail) => {
    const seen: Partial<EventDetail> = { ...detail }
    delete seen.attributes
    delete seen.resource
    return seen
  })
}

async function converse(name: string, userId: string): Promise<void> {
  const server = new McpServer({ name: 'orchard', version: '1.2.3' })
  server.registerTool('check_stock', { inputSchema: { fruit: z.string() } }, ({ fruit }) => {
    if (fruit === 'mango') throw new TypeError(`The orchard grows no ${fruit}`)
    return { content: [{ type: 'text', text: `${fruit.length} left` }] }
  })
  instrumentServer(server, { identify: () => ({ userId, userData: { plan: 'pro' } }) })
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name, version: '1.0.0' })
  await Promise.all([server.connect(serverSide), client.connect(clientSide)])
  await client.listTools()
  for (const fruit of ['apple', 'mango']) {
    await client.callTool({ name: 'check_stock', arguments: { fruit, context: `Looking for ${fruit}` } })
  }
  await client.close()
}
