// A team's own telemetry that also sends to MCPcat.
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { McpInstrumentation } from '@mcpcat/instrumentation-mcp'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK, tracing } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({
  serviceName: 'the-team',
  instrumentations: [new McpInstrumentation()],
  spanProcessors: [
    new tracing.BatchSpanProcessor(new OTLPTraceExporter()),
    new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint: process.env.MCPCAT_ENDPOINT })),
  ],
})
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())
