// A stdio server whose author asks who calls, and never gets an answer.
import { instrumentServer } from '@mcpcat/instrumentation-mcp'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const server = new McpServer({ name: 'never-identified', version: '1.0.0' })
server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
  content: [{ type: 'text', text }],
}))
instrumentServer(server, { identify: () => new Promise(() => {}) })
if (process.argv[2] === 'lingering') setInterval(() => {}, 1000)
await server.connect(new StdioServerTransport())
