// The TracerProvider of this process; its spans go to MCPcat alone.
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const endpoint = process.env.MCPCAT_ENDPOINT ?? 'http://127.0.0.1:4318'
export const provider = new NodeTracerProvider({
  spanProcessors: [new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint }))],
})
provider.register()
