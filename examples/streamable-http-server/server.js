// A stateless MCP server (SDK v2): every HTTP request gets a server of its own, so there is no protocol session.
// `identify` says who asks; the collector makes sessions of who, with which client, and when.
import './tracing.js'
import { createServer } from 'node:http'
import { instrumentServer } from '@mcpcat/instrumentation-mcp'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

// Stands in for your own check of a token.
const users = new Map([
  ['Bearer token-of-ada', { userId: 'ada', userName: 'Ada Lovelace' }],
  ['Bearer token-of-grace', { userId: 'grace', userName: 'Grace Hopper' }],
])

function createOrchard() {
  const server = new McpServer({ name: 'orchard', version: '1.0.0' })
  server.registerTool(
    'check_stock',
    { description: 'How many of a fruit are left', inputSchema: z.object({ fruit: z.string() }) },
    ({ fruit }) => ({ content: [{ type: 'text', text: `${fruit.length * 7} left` }] }),
  )
  instrumentServer(server, {
    identify: (request, extra) => users.get(extra.request?.headers.get('authorization')),
  })
  return server
}

/** Listens on a free port of loopback. */
export async function startServer() {
  const http = createServer(toNodeHandler(createMcpHandler(createOrchard)))
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  return { url: new URL(`http://127.0.0.1:${http.address().port}/`), close: () => http.close() }
}
