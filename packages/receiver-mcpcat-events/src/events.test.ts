import { runCollector, type RunningCollector, type Span } from '@mcpcat/collector'
import { memoryExporter, receiverContract, type MemoryExporter } from '@mcpcat/collector/testing'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import * as agentcat from 'agentcat'
import * as mcpcat from 'mcpcat'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mcpcatEventsReceiver } from './factory.js'

const post = (url: string, event: unknown) =>
  fetch(`${url}/v1/public/events/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof event === 'string' ? event : JSON.stringify(event),
  })

describe('mcpcat_events keeps the contract of receivers:', () => {
  const cases = receiverContract(mcpcatEventsReceiver, {
    config: { endpoint: '127.0.0.1:0' },
    send: async (endpoints) => {
      const response = await post(endpoints[0]!.url, { event_type: 'mcp:ping' })
      if (response.status !== 202) throw new Error(`answered ${response.status}`)
    },
  })
  for (const { name, run } of cases) it(name, run)
})

let memory: MemoryExporter
let collector: RunningCollector
let url: string

beforeEach(async () => {
  memory = memoryExporter()
  collector = await runCollector({
    config: {
      receivers: { mcpcat_events: { endpoint: '127.0.0.1:0' } },
      exporters: { memory: {} },
      service: { pipelines: { traces: { receivers: ['mcpcat_events'], exporters: ['memory'] } } },
    },
    factories: [mcpcatEventsReceiver, memory.factory],
  })
  url = collector.endpoints[0]!.url
})
afterEach(() => collector.shutdown())

const read = (span: Span, key: string) => span.attributes.find((attribute) => attribute.key === key)?.value.stringValue

describe.each([
  ['mcpcat', mcpcat.track],
  ['agentcat', agentcat.track],
])('the unmodified %s SDK', (_name, track) => {
  it('yields a complete session', async () => {
    const server = new McpServer({ name: 'weather', version: '1.2.3' })
    server.registerTool('forecast', { inputSchema: { city: z.string() } }, ({ city }) => {
      if (city === 'Atlantis') throw new TypeError('no such city')
      return { content: [{ type: 'text', text: `sunny in ${city}` }] }
    })
    track(server, 'proj_weather', { apiBaseUrl: url, disableDiagnostics: true })
    const client = new Client({ name: 'test-client', version: '9.9.9' })
    const [near, far] = InMemoryTransport.createLinkedPair()
    await server.connect(far)
    await client.connect(near)
    await client.listTools()
    await client.callTool({ name: 'forecast', arguments: { city: 'Oslo', context: 'planning a walk' } })
    await client.callTool({ name: 'forecast', arguments: { city: 'Atlantis', context: 'planning a dive' } })
    await expect.poll(() => memory.spans.length, { timeout: 20_000 }).toBe(4)
    await client.close()

    expect(new Set(memory.spans.map((span) => read(span, 'mcpcat.connection.id'))).size).toBe(1)
    expect(new Set(memory.spans.map(({ traceId }) => traceId)).size).toBe(1)
    expect(new Set(memory.spans.map(({ spanId }) => spanId)).size).toBe(4)
    expect(memory.spans.map((span) => read(span, 'mcp.method.name')).toSorted((a, b) => a!.localeCompare(b!))).toEqual([
      'initialize',
      'tools/call',
      'tools/call',
      'tools/list',
    ])
    const calls = memory.spans.filter(({ name }) => name === 'tools/call forecast')
    const good = calls.find(({ status }) => status.code === 0)!
    const bad = calls.find(({ status }) => status.code === 2)!
    expect(read(good, 'mcpcat.intent')).toBe('planning a walk')
    expect(read(good, 'mcp.client.name')).toBe('test-client')
    expect(read(good, 'mcp.server.version')).toBe('1.2.3')
    expect(JSON.parse(read(good, 'gen_ai.tool.call.arguments')!)).toEqual({ city: 'Oslo' })
    expect(JSON.parse(read(good, 'gen_ai.tool.call.result')!)).toMatchObject({ content: [{ text: 'sunny in Oslo' }] })
    expect(bad.status.message).toContain('no such city')
    expect(bad.events[0]?.name).toBe('exception')
    const resource = memory.batches[0]!.resourceSpans[0]!.resource.attributes
    expect(resource).toContainEqual({ key: 'mcpcat.project.id', value: { stringValue: 'proj_weather' } })
  })
})

describe('an event', () => {
  const event = {
    id: 'evt_1',
    project_id: 'proj_a',
    session_id: 'ses_1',
    event_type: 'mcp:tools/call',
    resource_name: 'search',
    timestamp: '2026-01-02T03:04:05.678Z',
    duration: 250,
    parameters: {
      request: { method: 'tools/call', params: { name: 'search', arguments: { q: 'x', context: 'mine' } } },
      extra: {
        authInfo: { token: 'tok_secret' },
        requestInfo: { headers: { authorization: 'Bearer abc', cookie: 'c=1' } },
      },
    },
    identify_actor_given_id: 'u1',
    identify_data: { email: 'a@b.c', plan: 'pro' },
    tags: { env: 'prod' },
    properties: { region: 'eu' },
  }

  it('becomes the span that an instrumented server would have sent', async () => {
    const response = await post(url, event)
    expect([response.status, await response.json()]).toEqual([202, { status: 'accepted' }])
    const [span] = memory.spans
    expect(span).toMatchObject({
      name: 'tools/call search',
      kind: 2,
      startTimeUnixNano: 1767323045678000000n,
      endTimeUnixNano: 1767323045928000000n,
      status: { code: 0 },
    })
    for (const [key, value] of [
      ['gen_ai.tool.name', 'search'],
      ['user.id', 'u1'],
      ['user.email', 'a@b.c'],
      ['mcpcat.user.plan', 'pro'],
      ['mcpcat.tag.env', 'prod'],
      ['mcpcat.properties', '{"region":"eu"}'],
      // No intent was told, so `context` is the tool's own argument.
      ['gen_ai.tool.call.arguments', '{"q":"x","context":"mine"}'],
    ])
      expect(read(span!, key!)).toBe(value)
  })

  it('may carry the params without the request around them, as the SDKs for Python send it', async () => {
    const parameters = { name: 'search', arguments: { q: 'x', context: 'mine' }, extra: { requestId: 1 } }
    await post(url, { ...event, parameters, user_intent: 'mine' })
    expect(read(memory.spans[0]!, 'gen_ai.tool.call.arguments')).toBe('{"q":"x"}')
    await post(url, { ...event, event_type: 'mcp:tools/list', parameters: { extra: { requestId: 2 } } })
    expect(read(memory.spans[1]!, 'mcpcat.request')).toBeUndefined()
  })

  it('never brings the credentials that its sender had in `extra`', async () => {
    await post(url, event)
    await post(url, { ...event, event_type: 'mcp:resources/read' })
    await post(url, { ...event, event_type: 'mcpcat:custom' })
    const text = JSON.stringify(memory.batches, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    for (const secret of ['tok_secret', 'Bearer abc', 'c=1']) expect(text).not.toContain(secret)
  })

  it('sent twice has the same ids, and the ids that its sender says', async () => {
    await post(url, event)
    await post(url, event)
    const [first, second] = memory.spans
    expect([first!.traceId, first!.spanId]).toEqual([second!.traceId, second!.spanId])
    await post(url, { ...event, properties: { trace_id: 'ab'.repeat(16), span_id: 'cd'.repeat(8) } })
    expect(memory.spans[2]).toMatchObject({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) })
    expect(read(memory.spans[2]!, 'mcpcat.properties')).toBeUndefined()
  })

  it.each([
    ['mcpcat:identify', 'identify'],
    ['agentcat:custom', 'custom'],
  ])('%s is an event of its own', async (type, kind) => {
    await post(url, { ...event, event_type: type })
    expect(read(memory.spans[0]!, 'mcpcat.event.type')).toBe(kind)
    expect(read(memory.spans[0]!, 'mcp.method.name')).toBeUndefined()
  })

  it('that is none is refused, with what is wrong', async () => {
    for (const [body, problem] of [
      ['{', 'not valid JSON'],
      ['[]', 'the event: '],
      ['{"duration":"x"}', 'duration: '],
      ['{"timestamp":"yesterday"}', 'timestamp: expected an ISO 8601 time'],
    ] as const) {
      const response = await post(url, body)
      expect(response.status).toBe(400)
      expect(((await response.json()) as { error: string }).error).toContain(problem)
    }
    expect((await post(url, { id: null, session_id: null, event_type: 'mcp:ping' })).status).toBe(202)
  })
})
