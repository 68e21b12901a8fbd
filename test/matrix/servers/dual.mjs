// Two copies of the SDK in one process: its ES modules and its CommonJS, each with its own classes.
import { createRequire } from 'node:module'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'

const require = createRequire(import.meta.url)
const copies = {
  esm: (await import('@modelcontextprotocol/sdk/server/mcp.js')).McpServer,
  cjs: require('@modelcontextprotocol/sdk/server/mcp.js').McpServer,
}
if (copies.esm === copies.cjs) throw new Error('there is only one copy')

for (const [name, McpServer] of Object.entries(copies)) {
  const server = new McpServer({ name, version: '1.0.0' })
  server.registerTool(`from-${name}`, {}, () => ({ content: [] }))
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair()
  await server.connect(serverSide)
  const client = new Client({ name: 'dual', version: '1.0.0' })
  await client.connect(clientSide)
  await client.callTool({ name: `from-${name}` })
  await client.close()
}
