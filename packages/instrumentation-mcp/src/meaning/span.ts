import { SpanKind, trace, type Attributes, type Context, type Link } from '@opentelemetry/api'
import { addSpanContent, spanName } from '@mcpcat/semconv'
import type { Runtime } from '../runtime.js'
import { hasRequestId, type Message } from '../wire.js'
import type { Call } from './call.js'
import type { Connection } from './connection.js'
import type { Outcome } from './outcome.js'
import { identifyingAttributes, operationAttributes, partyAttributes } from './span-attributes.js'

/** Starts the span of one message. */
export function startCall(
  runtime: Runtime,
  connection: Connection,
  kind: SpanKind.SERVER | SpanKind.CLIENT,
  message: Message & { method: string },
  parent: Context,
  links: Link[],
): Call {
  const { attributes, target } = operationAttributes(connection, message)
  const span = runtime.tracer.startSpan(
    spanName(message.method, target),
    { kind, links, attributes: { ...attributes, ...identifyingAttributes(connection, message) } },
    parent,
  )
  return {
    runtime,
    kind,
    method: message.method,
    id: hasRequestId(message) ? message.id : undefined,
    params: message.params,
    span,
    context: trace.setSpan(parent, span),
    startedAt: performance.now(),
    metricAttributes: attributes,
  }
}

/** Ends the span and records the operation. */
export function endCall(connection: Connection, call: Call, outcome: Outcome): void {
  const { span, runtime } = call
  const metricAttributes: Attributes = { ...call.metricAttributes, ...outcome.attributes }
  if (span.isRecording()) {
    span.setAttributes({ ...partyAttributes(connection), ...outcome.spanAttributes, ...outcome.attributes })
    if (outcome.status) span.setStatus(outcome.status)
  }
  span.end()
  const seconds = (performance.now() - call.startedAt) / 1000
  const histogram = call.kind === SpanKind.SERVER ? runtime.metrics.serverOperation : runtime.metrics.clientOperation
  histogram.record(seconds, metricAttributes, call.context)
}

export function keepContent(call: Call, content: { request?: unknown; response?: unknown }): void {
  if (call.runtime.config.captureContent === 'none' || !call.span.isRecording()) return
  addSpanContent(call.span, content)
}
