import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { createInterface } from 'node:readline'
import { toNodeHandler, NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { InMemoryTransport as MemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler, InMemoryTransport as MemoryV2 } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport as StdioV2 } from '@modelcontextprotocol/server/stdio'
import type { AnyServer, Generation } from './servers.js'

/** A way in to a server, for raw messages: what comes back is told to `heard`, as it comes. */
export interface Wire {
  send(message: unknown): void
  close(): Promise<void>
}

export type Hear = (message: unknown) => void
export type OpenWire = (build: () => AnyServer, hear: Hear) => Promise<Wire>

export interface WireKind {
  readonly name: string
  readonly generation: Generation
  /** Whether what comes back comes in one order. */
  readonly ordered: boolean
  /** Whether the server can ask its client. */
  readonly peerRequests: boolean
  readonly open: OpenWire
}

export const WIRES: readonly WireKind[] = [
  { name: 'in memory', generation: 'v1', ordered: true, peerRequests: true, open: openMemory(MemoryV1) },
  { name: 'in memory', generation: 'v2', ordered: true, peerRequests: true, open: openMemory(MemoryV2 as never) },
  { name: 'stdio', generation: 'v1', ordered: true, peerRequests: true, open: openStdio(StdioV1) },
  { name: 'stdio', generation: 'v2', ordered: true, peerRequests: true, open: openStdio(StdioV2 as never) },
  { name: 'stdio entry', generation: 'v2', ordered: true, peerRequests: true, open: openStdioEntry },
  { name: 'SSE', generation: 'v1', ordered: true, peerRequests: true, open: openSse },
  {
    name: 'streamable HTTP, stateful',
    generation: 'v1',
    ordered: false,
    peerRequests: false,
    open: openHttp(StreamableHTTPServerTransport, 'stateful'),
  },
  {
    name: 'streamable HTTP, stateful',
    generation: 'v2',
    ordered: false,
    peerRequests: false,
    open: openHttp(NodeStreamableHTTPServerTransport as never, 'stateful'),
  },
  {
    name: 'streamable HTTP, stateless',
    generation: 'v1',
    ordered: false,
    peerRequests: false,
    open: openHttp(StreamableHTTPServerTransport, 'stateless'),
  },
  {
    name: 'streamable HTTP, stateless',
    generation: 'v2',
    ordered: false,
    peerRequests: false,
    open: openHttp(NodeStreamableHTTPServerTransport as never, 'stateless'),
  },
  { name: 'HTTP entry', generation: 'v2', ordered: false, peerRequests: false, open: openHttpEntry },
]

function openMemory(Memory: typeof MemoryV1): OpenWire {
  return async (build, hear) => {
    const [near, far] = Memory.createLinkedPair()
    const server = build()
    hearErrors(server.server, hear)
    Object.assign(near, { onmessage: hear })
    await server.connect(far)
    await near.start()
    return { send: (message) => void near.send(message as never), close: () => server.close() }
  }
}

function openStdio(Stdio: typeof StdioV1): OpenWire {
  return async (build, hear) => {
    const { stdin, stdout, send } = pipes(hear)
    const server = build()
    hearErrors(server.server, hear)
    await server.connect(new Stdio(stdin, stdout))
    return { send, close: () => server.close() }
  }
}

async function openStdioEntry(build: () => AnyServer, hear: Hear): Promise<Wire> {
  const { stdin, stdout, send } = pipes(hear)
  const entry = serveStdio(() => build() as never, {
    transport: new StdioV2(stdin, stdout),
    onerror: (error) => hear({ onerror: error.message }),
  })
  return { send, close: () => entry.close() }
}

function pipes(hear: Hear): { stdin: PassThrough; stdout: PassThrough; send: (message: unknown) => void } {
  const stdin = new PassThrough()
  const stdout = new PassThrough()
  createInterface({ input: stdout }).on('line', (line) => hear(JSON.parse(line)))
  return { stdin, stdout, send: (message) => void stdin.write(`${JSON.stringify(message)}\n`) }
}

async function openSse(build: () => AnyServer, hear: Hear): Promise<Wire> {
  const transports = new Map<string, SSEServerTransport>()
  const servers: AnyServer[] = []
  const http = await listen(async (request, response) => {
    if (request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response)
      transports.set(transport.sessionId, transport)
      const server = build()
      servers.push(server)
      hearErrors(server.server, hear)
      await server.connect(transport)
      return
    }
    const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId')
    await transports.get(id ?? '')?.handlePostMessage(request, response)
  })
  const stop = new AbortController()
  const stream = await fetch(http.url, { signal: stop.signal })
  let endpoint: (path: string) => void
  const posts = new Promise<string>((resolve) => (endpoint = resolve))
  void readEvents(stream, (event, data) => (event === 'endpoint' ? endpoint(data) : hear(JSON.parse(data))))
  const target = new URL(await posts, http.url)
  const headers = { 'content-type': 'application/json' }
  return {
    send: (message) => void fetch(target, { method: 'POST', headers, body: JSON.stringify(message) }),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()))
      stop.abort()
      await http.close()
    },
  }
}

function openHttp(Transport: typeof StreamableHTTPServerTransport, mode: 'stateful' | 'stateless'): OpenWire {
  return async (build, hear) => {
    const sessions = new Map<string, StreamableHTTPServerTransport>()
    const servers: AnyServer[] = []
    const http = await listen(async (request, response) => {
      const id = request.headers['mcp-session-id']
      const known = typeof id === 'string' ? sessions.get(id) : undefined
      if (known) return known.handleRequest(request, response)
      const transport =
        mode === 'stateless'
          ? new Transport({ sessionIdGenerator: undefined as never })
          : new Transport({
              sessionIdGenerator: () => randomUUID(),
              onsessioninitialized: (session) => void sessions.set(session, transport),
            })
      const server = build()
      servers.push(server)
      await server.connect(transport)
      return transport.handleRequest(request, response)
    })
    return post(http, hear, async () => {
      await Promise.all(servers.map((server) => server.close()))
    })
  }
}

async function openHttpEntry(build: () => AnyServer, hear: Hear): Promise<Wire> {
  const handler = createMcpHandler(() => build() as never)
  const http = await listen(toNodeHandler(handler) as never)
  return post(http, hear, () => handler.close())
}

function hearErrors(server: object, hear: Hear): void {
  Object.assign(server, { onerror: (error: Error) => hear({ onerror: error.message }) })
}

interface Http {
  readonly url: string
  close(): Promise<void>
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<Http> {
  const server: Server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** One POST for each message; status and body of each answer are heard. */
function post(http: Http, hear: Hear, closeServers: () => Promise<void>): Wire {
  const stop = new AbortController()
  let session: string | undefined
  const exchange = async (message: unknown): Promise<void> => {
    const response = await fetch(http.url, {
      method: 'POST',
      signal: stop.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session !== undefined && { 'mcp-session-id': session }),
      },
      body: JSON.stringify(message),
    })
    session ??= response.headers.get('mcp-session-id') ?? undefined
    const type = response.headers.get('content-type') ?? ''
    if (type.includes('text/event-stream')) return readEvents(response, (_event, data) => hear(parsed(data)))
    const body = await response.text()
    if (response.status !== 202) hear({ httpStatus: response.status, ...(parsed(body) as object) })
  }
  return {
    send: (message) => void exchange(message).catch(() => undefined),
    close: async () => {
      stop.abort()
      await closeServers()
      await http.close()
    },
  }
}

function parsed(body: string): unknown {
  return body.startsWith('{') ? (JSON.parse(body) as unknown) : { text: body }
}

async function readEvents(response: Response, event: (name: string, data: string) => void): Promise<void> {
  let rest = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk, { stream: true })
      const blocks = rest.split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const name = /^event: ?(.*)$/m.exec(block)?.[1] ?? 'message'
        const data = /^data: ?(.*)$/m.exec(block)?.[1]
        if (data) event(name, data)
      }
    }
  } catch {
    // The wire was closed while a stream was still open: a cancelled call leaves it so.
  }
}
