// A server that sets up its telemetry itself, before it makes its McpServer.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { z } from 'zod'

const sdk = new NodeSDK({ serviceName: 'the-team' })
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())

const server = new McpServer({ name: 'own-provider', version: '1.0.0' })
server.registerTool('echo', { inputSchema: { message: z.string() } }, ({ message }) => ({
  content: [{ type: 'text', text: message }],
}))
await server.connect(new StdioServerTransport())
