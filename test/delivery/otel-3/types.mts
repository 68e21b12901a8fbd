// Compiled in a folder with the 3.x line: our classes are what its providers take, and its exporters are what ours takes.
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { ConsoleSpanExporter, type SpanExporter, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const exporter: SpanExporter = new McpcatSpanExporter({ endpoint: 'http://127.0.0.1:4318' })
const processor: SpanProcessor = new McpcatSpanProcessor(new ConsoleSpanExporter())
export const provider = new TracerProvider({
  spanProcessors: [processor, new McpcatSpanProcessor(exporter)],
})
