// An MCP server whose author made a TracerProvider by hand: no NodeSDK, no flag, no instrumentation of modules.
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter' // new
import { instrumentServer } from '@mcpcat/instrumentation-mcp' // new
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { z } from 'zod'

const provider = new NodeTracerProvider({
  spanProcessors: [
    new BatchSpanProcessor(new OTLPTraceExporter()),
    new McpcatSpanProcessor(new McpcatSpanExporter()), // new; reads MCPCAT_ENDPOINT or MCPCAT_API_URL
  ],
})
provider.register()

serveStdio(() => {
  const server = new McpServer({ name: 'orchard', version: '1.0.0' })
  server.registerTool(
    'reserve',
    { description: 'Reserves fruit', inputSchema: z.object({ fruit: z.string(), mail: z.string() }) },
    ({ fruit, mail }) => ({ content: [{ type: 'text', text: `${fruit} reserved, confirmation sent to ${mail}` }] }),
  )
  instrumentServer(server) // new
  return server
})

// As with every batching processor: what is not flushed when the process ends is lost.
process.stdin.once('end', () => void provider.shutdown())
