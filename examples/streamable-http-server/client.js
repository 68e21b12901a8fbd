// Starts the server and talks to it as two users, each with a client of their own.
// Run a collector first (npm start, at the root), then: node client.js
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { startServer } from './server.js'
import { provider } from './tracing.js'

const server = await startServer()
await Promise.all([
  converse('claude-code', 'ada', ['apple', 'pear'], 'Ada plans a cider evening and needs to know what is there'),
  converse('cursor-vscode', 'grace', ['plum', 'cherry'], 'Grace bakes on Sunday and compares what is left'),
])
server.close()
await provider.shutdown()

async function converse(name, user, fruits, context) {
  // The session-less protocol 2026-07-28: client name and version come with every request.
  const client = new Client({ name, version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
  const headers = { authorization: `Bearer token-of-${user}` }
  await client.connect(new StreamableHTTPClientTransport(server.url, { requestInit: { headers } }))
  await client.listTools()
  for (const fruit of fruits) {
    const { content } = await client.callTool({ name: 'check_stock', arguments: { fruit, context } })
    console.log(`${user}: ${fruit}, ${content[0].text}`)
  }
  await client.close()
}
