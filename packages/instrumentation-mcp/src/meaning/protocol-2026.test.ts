import { PassThrough } from 'node:stream'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { acceptedContent, createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { instrumentClient, instrumentHandler, instrumentServer } from '../instrument.js'
import { CLIENT } from '../testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from '../testing/telemetry.js'

let telemetry: Telemetry
beforeEach(() => {
  telemetry = startTelemetry()
})
afterEach(() => telemetry.stop())

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': CLIENT,
  'io.modelcontextprotocol/clientCapabilities': {},
}

function build(): McpServer {
  const server = new McpServer({ name: 'modern', version: '9' }, { capabilities: { tools: { listChanged: true } } })
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }))
  return instrumentServer(server)
}

interface Connected {
  readonly client: Client
  readonly close: () => Promise<void>
}

async function connected(): Promise<Connected> {
  const handler = createMcpHandler(() => build())
  const transport = new StreamableHTTPClientTransport(new URL('http://handler.test/mcp'), {
    fetch: (url, init) => handler.fetch(new Request(url, init)),
  })
  const client = instrumentClient(new Client(CLIENT, { versionNegotiation: { mode: 'auto' } }))
  await client.connect(transport)
  const close = async (): Promise<void> => {
    await client.close()
    await handler.close()
  }
  return { client, close }
}

describe('protocol 2026-07-28 over the HTTP entry', () => {
  it('names version and client of every request, and no session', async () => {
    const { client, close } = await connected()
    await client.listTools()
    // Another instance than the one that listed.
    const result = await client.callTool({ name: 'echo', arguments: { text: 'x', context: 'why' } })
    expect(result.content).toEqual([{ type: 'text', text: 'x' }])
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.attributes).toMatchObject({
      'mcp.protocol.version': '2026-07-28',
      'mcp.client.name': 'test-client',
      'mcp.server.name': 'modern',
      'mcpcat.intent': 'why',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
    })
    for (const key of ['mcp.session.id', 'session.id', 'mcpcat.connection.id']) {
      expect(span.attributes).not.toHaveProperty([key])
    }
    const sent = await eventually(() => telemetry.client('tools/call')[0])
    expect(span.parentSpanContext?.spanId).toBe(sent.spanContext().spanId)
    expect(sent.attributes).toMatchObject({ 'server.address': 'handler.test', 'server.port': 80 })
    await close()
  })

  it('sees the probe that the client sends before it attaches itself, and its answer', async () => {
    const { close } = await connected()
    const probe = await eventually(() => telemetry.client('server/discover')[0])
    expect(probe.attributes).not.toHaveProperty(['error.type'])
    const received = await eventually(() => telemetry.server('server/discover')[0])
    expect(received.parentSpanContext?.spanId).toBe(probe.spanContext().spanId)
    await close()
  })

  it('sees subscriptions of the client, which end when they are acknowledged', async () => {
    const { client, close } = await connected()
    const subscription = await client.listen({ toolsListChanged: true })
    const sent = await eventually(() => telemetry.client('subscriptions/listen')[0])
    expect(sent.attributes).not.toHaveProperty(['error.type'])
    await subscription.close()
    await close()
  })
})

describe('a tool that needs more input', () => {
  it('is called twice, in two spans of one trace, each with a context of its own', async () => {
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'rounds', version: '1' })
      server.registerTool('deploy', { inputSchema: { env: z.string() } }, ({ env }, ctx) => {
        if (acceptedContent(ctx.mcpReq.inputResponses, 'confirm')) {
          return { content: [{ type: 'text', text: `deployed ${env}` }] }
        }
        return inputRequired({
          inputRequests: {
            confirm: inputRequired.elicit({
              message: 'Really?',
              requestedSchema: { type: 'object', properties: { confirm: { type: 'boolean' } } },
            }),
          },
        })
      })
      return instrumentServer(server)
    })
    const client = instrumentClient(
      new Client(CLIENT, { versionNegotiation: { mode: 'auto' }, capabilities: { elicitation: { form: {} } } }),
    )
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirm: true } }))
    await client.connect(
      new StreamableHTTPClientTransport(new URL('http://handler.test/mcp'), {
        fetch: (url, init) => handler.fetch(new Request(url, init)),
      }),
    )
    await client.listTools()
    const result = await client.callTool({ name: 'deploy', arguments: { env: 'prod', context: 'a release' } })
    expect(result.content).toEqual([{ type: 'text', text: 'deployed prod' }])
    const calls = await eventually(() => {
      const spans = telemetry.server('tools/call')
      return spans.length === 2 && spans
    })
    const sent = telemetry.client('tools/call')
    expect(sent).toHaveLength(2)
    expect(new Set(sent.map((span) => span.attributes['jsonrpc.request.id'])).size).toBe(2)
    for (const [index, call] of calls.entries()) {
      expect(call.parentSpanContext?.spanId).toBe(sent[index]?.spanContext().spanId)
      expect(call.attributes['mcpcat.intent']).toBe('a release')
      expect(call.attributes).not.toHaveProperty(['error.type'])
    }
    await client.close()
    await handler.close()
  })
})

describe('what the HTTP entry answers itself', () => {
  const handler = instrumentHandler(createMcpHandler(() => build()))
  const post = (method: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    handler.fetch(
      new Request('http://handler.test/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': method,
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', method, ...body }),
      }),
    )

  it('has a span too, and what reaches a server has one only', async () => {
    const refused = await post(
      'tools/call',
      {
        id: 1,
        params: { name: 'echo', _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } },
      },
      { 'mcp-protocol-version': '2031-01-01', 'mcp-name': 'echo' },
    )
    expect(refused.status).toBe(400)
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.name).toBe('tools/call echo')
    expect(span.attributes['error.type']).toBe(span.attributes['rpc.response.status_code'])

    const listening = await post('subscriptions/listen', {
      id: 2,
      params: { _meta: META, notifications: { toolsListChanged: true } },
    })
    expect(listening.status).toBe(200)
    const listen = await eventually(() => telemetry.server('subscriptions/listen')[0])
    expect(listen.attributes).toMatchObject({ 'jsonrpc.request.id': '2', 'mcp.client.name': 'test-client' })
    await listening.body?.cancel()

    expect((await post('tools/list', { id: 3, params: { _meta: META } })).status).toBe(200)
    await eventually(() => telemetry.server('tools/list')[0])
    await handler.close()
    expect(telemetry.server('tools/list')).toHaveLength(1)
  })
})

describe('protocol 2026-07-28 over the stdio entry', () => {
  it('sees what the entry answers itself', async () => {
    const stdin = new PassThrough()
    const stdout = new PassThrough()
    let answers = ''
    stdout.on('data', (chunk: Buffer) => (answers += chunk.toString()))
    const entry = serveStdio(() => build(), { transport: new StdioServerTransport(stdin, stdout) })
    const send = (message: object): void => void stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    send({ id: 1, method: 'tools/list', params: { _meta: META } })
    await eventually(() => answers.includes('"id":1'))
    send({ id: 2, method: 'subscriptions/listen', params: { _meta: META, notifications: { toolsListChanged: true } } })
    send({ id: 3, method: 'subscriptions/listen', params: { _meta: META, notifications: 7 } })
    await eventually(() => answers.includes('"id":3'))
    const [accepted, refused] = await eventually(() => {
      const spans = telemetry.server('subscriptions/listen')
      return spans.length === 2 && spans
    })
    expect(accepted?.attributes).toMatchObject({ 'jsonrpc.request.id': '2', 'mcp.client.name': 'test-client' })
    expect(refused?.attributes).toMatchObject({ 'jsonrpc.request.id': '3', 'rpc.response.status_code': '-32602' })
    const listed = telemetry.server('tools/list')[0]
    expect(accepted?.attributes['session.id']).toBe(listed?.attributes['session.id'])
    expect(listed?.attributes['network.transport']).toBe('pipe')
    await entry.close()
  })
})
