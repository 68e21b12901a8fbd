const { McpServer } = require('@modelcontextprotocol/server')
const { StdioServerTransport } = require('@modelcontextprotocol/server/stdio')
const { z } = require('zod')

const server = new McpServer({ name: 'matrix-v2', version: '1.0.0' })
server.registerTool('add', { inputSchema: z.object({ a: z.number(), b: z.number() }) }, (sum) =>
  text(`${sum.a + sum.b} of ${Object.keys(sum).join()}`),
)
server.registerTool('fail', { inputSchema: z.object({}) }, () => {
  throw new TypeError('out of order')
})
void server.connect(new StdioServerTransport())

function text(value) {
  return { content: [{ type: 'text', text: value }] }
}
