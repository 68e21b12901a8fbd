// The team's own set-up, loaded before the server by --import; the lines that are new are marked.
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter' // new
import { McpInstrumentation } from '@mcpcat/instrumentation-mcp' // new
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'

const sdk = new NodeSDK({
  serviceName: 'orchard',
  instrumentations: [new McpInstrumentation()], // new
  spanProcessors: [
    new BatchSpanProcessor(new OTLPTraceExporter()),
    new McpcatSpanProcessor(new McpcatSpanExporter()), // new; reads MCPCAT_ENDPOINT or MCPCAT_API_URL
  ],
})
sdk.start()

// As with every batching processor: what is not flushed when the process ends is lost.
process.stdin.once('end', () => void sdk.shutdown())
