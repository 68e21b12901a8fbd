import { SpanStatusCode } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import { McpcatSpanExporter, McpcatSpanProcessor } from './index.js'
import { eventSchema } from './testing/event-schema.js'
import { accept, type Answer, Receiver, status } from './testing/receiver.js'
import { toolCall, traceCall, tracerFor } from './testing/spans.js'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function setUp(
  script: Answer[],
  apiKey?: string,
): Promise<{
  receiver: Receiver
  processor: McpcatSpanProcessor
  tracer: ReturnType<typeof tracerFor>
  events: () => Record<string, unknown>[]
}> {
  const receiver = await Receiver.start(script)
  const exporter = new McpcatSpanExporter({
    apiUrl: receiver.url,
    projectId: 'proj_1',
    initialBackoffMillis: 1,
    maxBackoffMillis: 20,
    ...(apiKey === undefined ? {} : { apiKey }),
  })
  const processor = new McpcatSpanProcessor(exporter)
  closing.push(
    () => processor.shutdown(200),
    () => receiver.close(),
  )
  const events = (): Record<string, unknown>[] =>
    receiver.accepted.map(({ body }) => eventSchema.parse(JSON.parse(body.toString())))
  return { receiver, processor, tracer: tracerFor(processor), events }
}

it('posts one event per request, as the hosted API takes them', async () => {
  const { receiver, processor, tracer, events } = await setUp([status(202)], 'key')
  const started = Date.now()
  const span = traceCall(tracer, {
    attributes: {
      'mcp.session.id': 'raw-session',
      'mcpcat.intent': 'find the shelf',
      'user.id': 'u1',
      'user.name': 'Jane',
      'user.email': 'jane@example.com',
      'mcpcat.user.plan': 'gold',
      'mcpcat.tag.env': 'prod',
      'mcp.client.name': 'cursor',
      'mcp.client.version': '1.2',
      'mcp.server.name': 'inventory',
      'mcp.server.version': '3.4',
    },
    content: { request: toolCall({ q: 'x', token: 'planted' }), response: { content: [] } },
  })
  await processor.forceFlush()
  expect(receiver.requests[0]).toMatchObject({
    url: '/v1/public/events/',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
  })
  const [event] = events()
  expect(event).toMatchObject({
    project_id: 'proj_1',
    event_type: 'mcp:tools/call',
    resource_name: 'search',
    is_error: false,
    user_intent: 'find the shelf',
    parameters: {
      request: { method: 'tools/call', params: { name: 'search', arguments: { q: 'x', token: '[REDACTED]' } } },
    },
    response: { content: [] },
    identify_actor_given_id: 'u1',
    identify_actor_name: 'Jane',
    identify_data: { plan: 'gold', email: 'jane@example.com' },
    tags: { env: 'prod' },
    sdk_language: 'nodejs',
    server_name: 'inventory',
    server_version: '3.4',
    client_name: 'cursor',
    client_version: '1.2',
    properties: {
      trace_id: span.spanContext().traceId,
      span_id: span.spanContext().spanId,
      'mcp.session.id': 'raw-session',
    },
  })
  expect(Math.abs(Date.parse(event?.['timestamp'] as string) - started)).toBeLessThan(60_000)
})

describe('the session', () => {
  it('is the one that the MCPcat SDKs derive from a protocol session', async () => {
    const { processor, tracer, events } = await setUp([status(202)])
    traceCall(tracer, { attributes: { 'mcp.session.id': 'session-1' } })
    traceCall(tracer, { attributes: { 'mcp.session.id': 'session-1' } })
    traceCall(tracer, { attributes: { 'mcpcat.connection.id': 'connection-1' } })
    traceCall(tracer)
    await processor.forceFlush()
    const sessions = events().map((event) => event['session_id'])
    // mcpcat 0.1's deriveSessionIdFromMCPSession('session-1', 'proj_1').
    expect(sessions[0]).toBe('ses_2aP2ObQdVAMKZdHXFmFZWd8AKq9')
    expect(sessions[1]).toBe(sessions[0])
    expect(new Set(sessions).size).toBe(3)
    expect(sessions).toContain(null)
  })
})

it('carries errors with type and stack, and rounds durations', async () => {
  const { processor, tracer, events } = await setUp([status(202)])
  traceCall(tracer, {
    attributes: { 'error.type': 'TypeError' },
    during: (span) => {
      span.recordException(new TypeError('no shelf for jane@example.com'))
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'no shelf' })
    },
  })
  traceCall(tracer, {
    method: 'resources/read',
    attributes: { 'mcp.resource.uri': 'file:///x' },
    content: { request: { uri: 'file:///x' } },
  })
  const custom = tracer.startSpan('checkout', {
    attributes: { 'mcpcat.event.type': 'custom' },
    startTime: [1_700_000_000, 0],
  })
  custom.end([1_700_000_000, 1_600_000])
  await processor.forceFlush()
  const byType = new Map(events().map((event) => [event['event_type'], event]))
  expect(byType.get('mcp:tools/call')).toMatchObject({
    is_error: true,
    error: { type: 'TypeError', message: 'no shelf for [REDACTED:email]', platform: 'javascript' },
  })
  expect(JSON.stringify(byType.get('mcp:tools/call'))).not.toContain('jane@')
  expect(byType.get('mcp:resources/read')).toMatchObject({
    resource_name: 'file:///x',
    parameters: { request: { method: 'resources/read', params: { uri: 'file:///x' } } },
  })
  expect(byType.get('mcpcat:custom')).toMatchObject({ duration: 2, timestamp: '2023-11-14T22:13:20.000Z' })
})

it('tries again what may be, under the same id, and no more than that', async () => {
  const { receiver, processor, tracer } = await setUp([status(500), status(408), status(429), status(202)])
  traceCall(tracer)
  await processor.forceFlush()
  expect(new Set(receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id)).size).toBe(1)
  expect(receiver.requests).toHaveLength(4)
  receiver.script = [status(400)]
  traceCall(tracer)
  await processor.forceFlush()
  expect(receiver.requests).toHaveLength(5)
  expect(processor.stats()).toMatchObject({ made: 2, sent: 1, dropped: 1, droppedBy: { rejected: 1 } })
})

it('has a bounded number of requests on their way', async () => {
  let open = 0
  let most = 0
  const slow: Answer = (request, response) => {
    open += 1
    most = Math.max(most, open)
    setImmediate(() => {
      open -= 1
      accept(request, response, null as never)
    })
  }
  const { receiver, processor, tracer } = await setUp([slow])
  for (let i = 0; i < 300; i++) traceCall(tracer)
  await processor.forceFlush()
  expect(receiver.requests).toHaveLength(300)
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(8)
  expect(processor.stats()).toMatchObject({ made: 300, sent: 300 })
})
