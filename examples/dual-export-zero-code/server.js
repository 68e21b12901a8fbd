// An ordinary MCP server (SDK v2) over stdio. Nothing in here knows of OpenTelemetry.
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

serveStdio(() => {
  const server = new McpServer({ name: 'orchard', version: '1.0.0' })
  server.registerTool(
    'reserve',
    { description: 'Reserves fruit', inputSchema: z.object({ fruit: z.string(), mail: z.string() }) },
    ({ fruit, mail }) => ({ content: [{ type: 'text', text: `${fruit} reserved, confirmation sent to ${mail}` }] }),
  )
  return server
})
