import { addSpanContent, type SpanContent } from '@mcpcat/semconv'
import type { Attributes, Span, Tracer } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base'

export function tracerFor(processor: SpanProcessor, resource: Attributes = {}): Tracer {
  const provider = new BasicTracerProvider({
    spanProcessors: [processor],
    resource: resourceFromAttributes({ 'service.name': 'inventory', ...resource }),
  })
  return provider.getTracer('test')
}

export interface CallOptions {
  method?: string
  attributes?: Attributes
  content?: SpanContent
  /** Between start and end. */
  during?: (span: Span) => void
}

/** One MCP request as the instrumentation leaves it: a span, and its content beside it. */
export function traceCall(tracer: Tracer, options: CallOptions = {}): Span {
  const { method = 'tools/call', attributes, content, during } = options
  const span = tracer.startSpan(method === 'tools/call' ? 'tools/call search' : method, {
    attributes: {
      'mcp.method.name': method,
      ...(method === 'tools/call' ? { 'gen_ai.tool.name': 'search' } : {}),
      ...attributes,
    },
  })
  if (content) addSpanContent(span, content)
  during?.(span)
  span.end()
  return span
}

/** `params` of a tool call. */
export function toolCall(toolArguments: unknown): { name: string; arguments: unknown } {
  return { name: 'search', arguments: toolArguments }
}
