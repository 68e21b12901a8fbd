// An SDK v2 server over stdio, as a user would write it; started bare and with --require.
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

serveStdio(() => {
  const server = new McpServer({ name: 'inventory', version: '2.3.4' })
  server.registerTool(
    'check_stock',
    { description: 'How many of an article are left', inputSchema: z.strictObject({ article: z.string() }) },
    ({ article }) => {
      if (article === 'ghost') throw new Error('No such article: ghost')
      return { content: [{ type: 'text', text: `${article.length} left` }] }
    },
  )
  server.registerTool(
    'list_arguments',
    { description: 'Repeats what it was given', inputSchema: z.looseObject({ article: z.string() }) },
    (input) => ({ content: [{ type: 'text', text: JSON.stringify(input) }] }),
  )
  return server
})
