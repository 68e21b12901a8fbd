// Starts server.js with `--require @mcpcat/register` and asks it three things, as an agent would.
// Run a collector first (npm start, at the root), then: node client.js
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const client = new Client({ name: 'orchard-agent', version: '1.0.0' })

await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: ['--require', '@mcpcat/register', 'server.js'],
    cwd: import.meta.dirname,
    // A client hands its server only a few variables: ours must be named.
    env: { ...process.env, MCPCAT_ENDPOINT: process.env.MCPCAT_ENDPOINT ?? 'http://127.0.0.1:4318' },
  }),
)

await client.listTools()
await ask('apple', 'Checking the stock before promising the customer apples for Friday')
await ask('pear', 'The customer would also take pears')
await ask('mango', 'Looking for a substitute for the pears, which are sold out')
await client.close()

async function ask(fruit, context) {
  const { content, isError } = await client.callTool({ name: 'check_stock', arguments: { fruit, context } })
  console.log(`${fruit}: ${isError ? 'failed: ' : ''}${content[0].text}`)
}
