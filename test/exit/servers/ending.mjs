// A stdio server that ends in the way that its argument names.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const server = new McpServer({ name: 'ending', version: '1.0.0' })
server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
  content: [{ type: 'text', text }],
}))

const endings = {
  // Ends when its stdin does: nothing else holds it.
  natural: () => {},
  // Goes on after its stdin has ended.
  lingering: () => setInterval(() => {}, 1000),
  // Ends itself, its work done.
  exit: () => server.registerTool('end', {}, () => after(() => process.exit(7))),
  exitCode: () => {
    process.exitCode = 5
  },
  exitOnStdinEnd: () => process.stdin.on('end', () => process.exit(0)),
  throws: () =>
    server.registerTool('end', {}, () =>
      after(() => {
        throw new Error('nobody catches this')
      }),
    ),
  rejects: () => server.registerTool('end', {}, () => after(() => void Promise.reject(new Error('nor this')))),
  // Handles its signals.
  graceful: () => {
    setInterval(() => {}, 1000)
    process.once('SIGTERM', () => void server.close().then(() => process.exit(3)))
  },
  // Says goodbye and goes on.
  deaf: () => {
    setInterval(() => {}, 1000)
    process.on('SIGTERM', () => process.stderr.write('SIGTERM heard\n'))
  },
  // As the package signal-exit does: cleans up, and dies by the signal if nobody else listens.
  signalExit: () => {
    setInterval(() => {}, 1000)
    const listener = () => {
      const alone = process.listeners('SIGTERM').length === 1
      process.removeListener('SIGTERM', listener)
      process.stderr.write(`cleaned up, alone: ${alone}\n`)
      if (alone) process.kill(process.pid, 'SIGTERM')
    }
    process.on('SIGTERM', listener)
  },
}

/** Answers first, and does it then. */
function after(step) {
  setTimeout(() => step(), 20)
  return { content: [{ type: 'text', text: 'soon' }] }
}

endings[process.argv[2]]()
await server.connect(new StdioServerTransport())
