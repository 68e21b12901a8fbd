// An ordinary MCP server (SDK v2) over stdio. Nothing in here knows of OpenTelemetry.
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const stock = new Map([
  ['apple', 12],
  ['pear', 0],
])

function createServer() {
  const server = new McpServer({ name: 'orchard', version: '1.0.0' })

  server.registerTool(
    'check_stock',
    { description: 'How many of a fruit are left', inputSchema: z.object({ fruit: z.string() }) },
    ({ fruit }) => {
      const left = stock.get(fruit)
      if (left === undefined) throw new Error(`The orchard grows no ${fruit}`)
      return { content: [{ type: 'text', text: `${left} left` }] }
    },
  )
  return server
}

serveStdio(createServer)
