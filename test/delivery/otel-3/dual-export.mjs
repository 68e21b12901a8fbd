// Runs in a folder with the 3.x line of OpenTelemetry: one provider, the team's own exporter and ours.
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { addSpanContent } from '@mcpcat/semconv'
import { context, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const [, , own, mcpcat] = process.argv
const exporter = new OTLPTraceExporter({ url: `${own}/v1/traces` })
const processor = new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint: mcpcat, projectId: 'proj_3' }), {
  includeChildSpans: true,
})
const late = resourceFromAttributes({ 'service.name': 'inventory', 'host.id': Promise.resolve('found late') })
const provider = new TracerProvider({
  resource: defaultResource().merge(late),
  spanProcessors: [new BatchSpanProcessor({ exporter }), processor],
})
const tracer = provider.getTracer('test')

tracer.startSpan('GET /').end()
const span = tracer.startSpan('tools/call search', { kind: 1, attributes: { 'mcp.method.name': 'tools/call' } })
tracer.startSpan('SELECT', {}, trace.setSpan(context.active(), span)).end()
span.recordException(new Error('no mail from jane@example.com'))
addSpanContent(span, { request: { arguments: { q: 'blue', password: 'planted' } }, response: { content: [] } })
span.end()

await provider.forceFlush()
await provider.shutdown()
process.stdout.write(JSON.stringify(processor.stats()))
