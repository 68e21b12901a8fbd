import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const server = new McpServer({ name: 'matrix-v1', version: '1.0.0' })
server.tool('add', { a: z.number(), b: z.number() }, (sum) => text(`${sum.a + sum.b} of ${Object.keys(sum).join()}`))
server.tool('fail', {}, () => {
  throw new TypeError('out of order')
})
void server.connect(new StdioServerTransport())

function text(value) {
  return { content: [{ type: 'text', text: value }] }
}
