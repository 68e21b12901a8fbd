// SDK v1, streamable HTTP with sessions.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { register } from './fixture.mjs'

const sessions = new Map()

async function newSession() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  })
  const server = new McpServer({ name: 'conformance-v1', version: '1.0.0' }, { capabilities: { logging: {} } })
  register(server, (shape) => shape)
  await server.connect(transport)
  return transport
}

const http = createServer((request, response) => {
  const id = request.headers['mcp-session-id']
  if (id !== undefined && !sessions.has(id)) return void response.writeHead(404).end()
  Promise.resolve(sessions.get(id) ?? newSession())
    .then((transport) => transport.handleRequest(request, response))
    .catch(() => response.destroy())
})
http.listen(0, '127.0.0.1', () => process.stdout.write(`${http.address().port}\n`))
