import { ProxyTracerProvider, SpanKind, trace, type Context, type Span } from '@opentelemetry/api'
import { ATTR_JSONRPC_REQUEST_ID, ATTR_MCP_METHOD_NAME } from '@mcpcat/semconv'
import type { Runtime } from '../runtime.js'
import { INSTRUMENTATION_NAME } from '../version.js'
import { hasRequestId, isRecord, type Named } from '../wire.js'

/** Each stands for one message: that of a server called from inside a handler is another. */
const taken = new WeakSet<Span>()

/**
 * The span that a server's own instrumentation began for this very message, and in which the message
 * arrives: SERVER, of the same method and request id by the conventions, not ours, not ended. It can
 * take the place of ours only where both go to one provider; in doubt there is none.
 */
export function ambientMcpSpan(runtime: Runtime, message: Named, at: Context): Span | undefined {
  const span = trace.getSpan(at)
  if (!span?.isRecording() || taken.has(span) || !isGlobal(runtime) || !standsFor(span, message)) return undefined
  taken.add(span)
  return span
}

/** Attributes are not in the API: they are read as the SDK's spans show them to processors. */
function standsFor(
  span: Span & { kind?: unknown; instrumentationScope?: unknown; attributes?: unknown },
  message: Named,
): boolean {
  const { kind, instrumentationScope, attributes } = span
  if (kind !== SpanKind.SERVER || !isRecord(attributes) || !isRecord(instrumentationScope)) return false
  if (instrumentationScope['name'] === INSTRUMENTATION_NAME) return false
  const id = hasRequestId(message) ? String(message.id) : undefined
  return attributes[ATTR_MCP_METHOD_NAME] === message.method && attributes[ATTR_JSONRPC_REQUEST_ID] === id
}

/** Others take the global provider. */
function isGlobal({ tracerProvider }: Runtime): boolean {
  const global = trace.getTracerProvider()
  const delegate = global instanceof ProxyTracerProvider ? global.getDelegate() : global
  return tracerProvider === undefined || tracerProvider === global || tracerProvider === delegate
}
