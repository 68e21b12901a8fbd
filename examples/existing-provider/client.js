// Starts server.js and calls it, as an agent would.
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { eventCalls, otlpCalls, receiver } from './receiver.js'

const stack = await receiver('your own stack', otlpCalls)
const mcpcat = await receiver('MCPcat', eventCalls)
// With a collector running, MCPCAT_ENDPOINT=http://127.0.0.1:4318 shows the session on its dashboard.
const destination = process.env.MCPCAT_ENDPOINT ? {} : { MCPCAT_API_URL: mcpcat.url }
const client = new Client({ name: 'orchard-agent', version: '1.0.0' })

await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: ['server.js'],
    cwd: import.meta.dirname,
    env: { ...process.env, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${stack.url}/v1/traces`, ...destination },
  }),
)
await client.listTools()
const context = 'The customer wants apples for Friday'
const answer = await client.callTool({
  name: 'reserve',
  arguments: { fruit: 'apple', mail: 'jane@example.com', context },
})
console.log(answer.content[0].text)
await client.close()
stack.close()
mcpcat.close()
