// A server that has run a published SDK for a while, as its README says; nothing of ours is in it.
// Usage: node weather.mjs mcpcat|agentcat
import { setTimeout } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const { track } = await (process.argv[2] === 'mcpcat' ? import('mcpcat') : import('agentcat'))

const server = new McpServer({ name: 'weather', version: '1.2.3' })
server.registerTool('forecast', { inputSchema: { city: z.string() } }, async ({ city }) => {
  if (city === 'Atlantis') throw new TypeError('no such city: Atlantis')
  await setTimeout(50)
  return { content: [{ type: 'text', text: `sunny in ${city}` }] }
})
track(server, 'proj_weather', {
  disableDiagnostics: true,
  identify: async () => ({ userId: 'ada', userName: 'Ada', userData: { plan: 'pro' } }),
})
await server.connect(new StdioServerTransport())
