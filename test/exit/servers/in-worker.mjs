// An MCP server in a worker thread, called in memory; the thread ends in the way that the argument names.
import { isMainThread, Worker } from 'node:worker_threads'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })
  worker.on('exit', (code) => {
    process.exitCode = code
  })
} else {
  const server = new McpServer({ name: 'in-worker', version: '1.0.0' })
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }))
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair()
  await server.connect(serverSide)
  const client = new Client({ name: 'neighbour', version: '1.0.0' })
  await client.connect(clientSide)
  await client.callTool({ name: 'echo', arguments: { text: 'hello' } })
  if (process.argv[2] === 'exit') process.exit(4)
}
