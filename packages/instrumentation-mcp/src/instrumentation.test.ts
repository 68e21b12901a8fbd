import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { getSpanContent } from '@mcpcat/semconv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { instrumentClient, instrumentServer } from './instrument.js'
import { connect, SDKS } from './testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from './testing/telemetry.js'

describe.each(SDKS)('a server of SDK $name', (sdk) => {
  let telemetry: Telemetry
  beforeEach(() => {
    telemetry = startTelemetry()
  })
  afterEach(() => telemetry.stop())

  function echoServer(): { server: ReturnType<typeof sdk.server>; seen: unknown[] } {
    const seen: unknown[] = []
    const server = sdk.server()
    server.registerTool('echo', { inputSchema: { text: z.string() } }, (args) => {
      seen.push(args)
      return { content: [{ type: 'text', text: args.text }] }
    })
    return { server, seen }
  }

  it('gives a SERVER span for a tool call, with the intent, and the tool sees none of it', async () => {
    const { server, seen } = echoServer()
    const client = await connect(sdk, instrumentServer(server))
    const { tools } = await client.listTools()
    expect(tools[0]?.inputSchema.properties).toHaveProperty('context')
    expect(tools[0]?.inputSchema.required).toEqual(['text', 'context'])
    await client.callTool({ name: 'echo', arguments: { text: 'hi', context: 'to greet' } })

    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(seen).toEqual([{ text: 'hi' }])
    expect(span.name).toBe('tools/call echo')
    expect(span.kind).toBe(SpanKind.SERVER)
    expect(span.status.code).toBe(SpanStatusCode.UNSET)
    expect(span.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'echo',
      'gen_ai.operation.name': 'execute_tool',
      'mcp.client.name': 'test-client',
      'mcp.client.version': '4.5.6',
      'mcp.server.name': 'test-server',
      'mcp.server.version': '1.2.3',
      'mcpcat.intent': 'to greet',
      'mcpcat.session.source': 'connection',
    })
    expect(span.attributes['mcp.protocol.version']).toMatch(/^\d{4}-/)
    expect(span.attributes['session.id']).toBe(span.attributes['mcpcat.connection.id'])
    expect(span.attributes).not.toHaveProperty('mcp.session.id')
    expect(getSpanContent(span)).toMatchObject({
      request: { name: 'echo', arguments: { text: 'hi' } },
      response: { content: [{ type: 'text', text: 'hi' }] },
    })
    await client.close()
  })

  it('gives spans for initialize, the notification after it, and ping', async () => {
    const { server } = echoServer()
    const client = await connect(sdk, instrumentServer(server))
    await client.ping()
    await eventually(() => telemetry.server('ping')[0])
    expect(telemetry.server('initialize')[0]?.attributes['mcp.client.name']).toBe('test-client')
    expect(telemetry.server('notifications/initialized')[0]?.attributes).not.toHaveProperty('jsonrpc.request.id')
    await client.close()
  })

  it('marks a failed tool as tool_error', async () => {
    const server = sdk.server()
    server.registerTool('boom', { inputSchema: {} }, () => {
      throw new TypeError('no luck')
    })
    const client = await connect(sdk, instrumentServer(server))
    const result = await client.callTool({ name: 'boom', arguments: {} })
    expect(result.isError).toBe(true)
    const failed = await eventually(() => telemetry.server('tools/call')[0])
    expect(failed.attributes['error.type']).toBe('tool_error')
    expect(failed.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no luck' })
    await client.close()
  })

  it('joins client and server in one trace through _meta', async () => {
    const { server } = echoServer()
    const client = await connect(sdk, instrumentServer(server), instrumentClient(sdk.client()))
    await client.callTool({ name: 'echo', arguments: { text: 'x' } })
    const received = await eventually(() => telemetry.server('tools/call')[0])
    const sent = await eventually(() => telemetry.client('tools/call')[0])
    expect(received.parentSpanContext?.spanId).toBe(sent.spanContext().spanId)
    expect(sent.attributes).toMatchObject({ 'mcp.server.name': 'test-server', 'mcp.client.name': 'test-client' })
    await client.close()
  })
})
