import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { instrumentServer, type HookExtra } from '@mcpcat/instrumentation-mcp'
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

const SESSIONS = 200
const CALLS = 5

const exporter = new InMemorySpanExporter()

beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => {
  trace.disable()
  context.disable()
})

const generations = [
  { sdk: 'v1', McpServer: McpServerV1, Transport: StreamableHTTPServerTransport },
  { sdk: 'v2', McpServer: McpServerV2 as never, Transport: NodeStreamableHTTPServerTransport as never },
] as { sdk: string; McpServer: typeof McpServerV1; Transport: typeof StreamableHTTPServerTransport }[]

it.each(generations)(
  '200 interleaved sessions of one $sdk server keep each their user, client, session and intent',
  async ({ McpServer, Transport }) => {
    exporter.reset()
    const sessions = new Map<string, StreamableHTTPServerTransport>()
    const http = createServer(async (request, response) => {
      const known = sessions.get(String(request.headers['mcp-session-id']))
      if (known) return known.handleRequest(request, response)
      const transport = new Transport({
        enableJsonResponse: true,
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (id) => void sessions.set(id, transport),
      })
      const server = new McpServer({ name: 'crowded', version: '1' })
      server.registerTool('work', { inputSchema: { n: z.number() } }, async ({ n }) => {
        for (let turn = 0; turn < n; turn += 1) {
          // oxlint-disable-next-line no-await-in-loop -- gives the others their turn
          await new Promise((resolve) => setImmediate(resolve))
        }
        return { content: [{ type: 'text', text: String(n) }] }
      })
      instrumentServer(server, { identify })
      await server.connect(transport)
      return transport.handleRequest(request, response)
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`

    const own = new Map<string, number>()
    await Promise.all(
      Array.from({ length: SESSIONS }, async (_, session) => {
        const post = poster(url, session)
        const id = await post({
          id: 0,
          method: 'initialize',
          params: {
            protocolVersion: '2025-06-18',
            capabilities: {},
            clientInfo: { name: `client-${session}`, version: `${session}` },
          },
        })
        own.set(id, session)
        await post({ method: 'notifications/initialized' })
        await post({ id: 1, method: 'tools/list' })
        await Promise.all(
          Array.from({ length: CALLS }, (__, call) =>
            post({
              id: call + 2,
              method: 'tools/call',
              params: { name: 'work', arguments: { n: (session + call) % 4, context: `intent ${session}.${call}` } },
            }),
          ),
        )
      }),
    )
    http.close()
    http.closeAllConnections()

    const deadline = Date.now() + 5000
    const calls = (): ReturnType<typeof exporter.getFinishedSpans> =>
      exporter.getFinishedSpans().filter((span) => span.attributes['mcp.method.name'] === 'tools/call')
    while (calls().length < SESSIONS * CALLS && Date.now() < deadline) {
      // oxlint-disable-next-line no-await-in-loop -- a poll with a deadline
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(calls()).toHaveLength(SESSIONS * CALLS)
    for (const span of calls()) {
      const session = own.get(String(span.attributes['mcp.session.id']))
      const call = Number(span.attributes['jsonrpc.request.id']) - 2
      expect(span.kind).toBe(SpanKind.SERVER)
      expect(span.attributes).toMatchObject({
        'user.id': `user-${session}`,
        'mcp.client.name': `client-${session}`,
        'mcp.client.version': `${session}`,
        'mcpcat.intent': `intent ${session}.${call}`,
      })
    }
  },
)

/** Answers late, and the later ones sooner than the earlier. */
async function identify(_request: unknown, extra: HookExtra): Promise<{ userId: string }> {
  const headers = extra.requestInfo?.headers ?? Object.fromEntries(extra.request?.headers ?? [])
  const user = String(headers['authorization']).replace('Bearer ', '')
  for (let turn = SESSIONS - Number(user.slice('user-'.length)); turn > 0; turn -= 20) {
    // oxlint-disable-next-line no-await-in-loop -- gives the others their turn
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { userId: user }
}

/** Posts a message of one session; gives the session's id. */
function poster(url: string, session: number): (message: object) => Promise<string> {
  let id: string | undefined
  return async (message) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer user-${session}`,
        ...(id !== undefined && { 'mcp-session-id': id }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    })
    await response.text()
    id ??= response.headers.get('mcp-session-id') ?? undefined
    return id ?? ''
  }
}
