import { context, SpanKind, trace, type Attributes, type Context, type Link } from '@opentelemetry/api'
import { ATTR_MCP_PROTOCOL_VERSION, ATTR_MCP_RESOURCE_URI, spanName } from '@mcpcat/semconv'
import type { Runtime } from '../runtime.js'
import { hasRequestId, type Message } from '../wire.js'
import { ambientMcpSpan } from './ambient-span.js'
import type { Call } from './call.js'
import { peerOf, transportSessionId, type Connection } from './connection.js'
import { addException } from './exception.js'
import { enteredAt } from './entered.js'
import { headerOf, httpPeerAttributes } from './http-request.js'
import { SUCCESS, type Outcome } from './outcome.js'
import { partiesOf } from './parties.js'
import { identifyingAttributes, operationAttributes } from './span-attributes.js'
import { endLater } from './waiting-spans.js'

export interface CallStart {
  readonly kind: SpanKind.SERVER | SpanKind.CLIENT
  readonly parent: Context
  readonly links: Link[]
  /** Known from the start, so that samplers see it too. */
  readonly attributes?: Attributes | undefined
  /** What the transport gave with the message: headers, auth. */
  readonly extra?: unknown
  /** Of `performance.now()`, when it was not just now. */
  readonly startedAt?: number
}

/** Starts the span of one message. */
export function startCall(
  runtime: Runtime,
  connection: Connection,
  message: Message & { method: string },
  start: CallStart,
): Call {
  const { kind, parent, links, extra, startedAt } = start
  const entered = enteredAt(context.active())
  // The message has its span: there is nothing left to tell of at the entry.
  if (entered) entered.reached = true
  const sessionId = sessionOf(connection, extra)
  const peer = peerOf(connection, sessionId)
  const parties = partiesOf(peer, message, extra)
  const { attributes, target } = operationAttributes(connection, parties, message, parent)
  const spanAttributes = identifyingAttributes({ ...attributes }, connection, parties, sessionId, message)
  if (kind === SpanKind.SERVER) httpPeerAttributes(parent, spanAttributes)
  if (start.attributes) Object.assign(spanAttributes, start.attributes)
  // Of too many values for a metric.
  if (ATTR_MCP_RESOURCE_URI in attributes) delete attributes[ATTR_MCP_RESOURCE_URI]
  const name = spanName(message.method, target)
  // One message, one span: whoever instruments the server too may have begun it.
  const ambient =
    kind === SpanKind.SERVER && startedAt === undefined ? ambientMcpSpan(runtime, message, context.active()) : undefined
  ambient?.updateName(name).setAttributes(spanAttributes)
  const span =
    ambient ??
    runtime.tracer.startSpan(
      name,
      { kind, links, attributes: spanAttributes, ...(startedAt !== undefined && { startTime: startedAt }) },
      parent,
    )
  return {
    runtime,
    connection,
    peer,
    kind,
    method: message.method,
    id: hasRequestId(message) ? message.id : undefined,
    params: message.params,
    span,
    foreign: ambient !== undefined,
    context: trace.setSpan(parent, span),
    startedAt: startedAt ?? performance.now(),
    metricAttributes: attributes,
    sessionId,
  }
}

/** The session of one message: its own header's, for a server object that serves several sessions. */
function sessionOf(connection: Connection, extra: unknown): string | undefined {
  const ofTransport = transportSessionId(connection)
  if (ofTransport === undefined) return undefined
  return headerOf(extra, 'mcp-session-id') ?? ofTransport
}

/** Ends the span and records the operation; a span that waits for a hook of the user ends a little later. */
export function endCall(call: Call, outcome: Outcome): void {
  const endedAt = performance.now()
  const { span, runtime, peer } = call
  const metricAttributes: Attributes = { ...call.metricAttributes, ...outcome.attributes }
  const learned = peer.protocolVersion
  if (learned !== undefined && metricAttributes[ATTR_MCP_PROTOCOL_VERSION] === undefined) {
    metricAttributes[ATTR_MCP_PROTOCOL_VERSION] = learned
  }
  if (span.isRecording()) {
    if (call.method === 'initialize' || outcome !== SUCCESS)
      span.setAttributes({ ...metricAttributes, ...outcome.spanAttributes })
    if (call.method === 'initialize' || call.kind === SpanKind.CLIENT) span.setAttributes(partyAttributesNow(call))
    if (call.thrown && outcome.status) addException(span, call.thrown.error)
    if (outcome.status) span.setStatus(outcome.status)
  }
  const histogram = call.kind === SpanKind.SERVER ? runtime.metrics.serverOperation : runtime.metrics.clientOperation
  histogram.record((endedAt - call.startedAt) / 1000, metricAttributes, call.context)
  // What the hooks say after its end is lost: it is not ours to hold back.
  if (call.foreign) return
  if (call.pending) endLater(span, call.pending, endedAt)
  else span.end(endedAt)
}

/** What only the answer told: who the server is, which session the transport got. */
function partyAttributesNow(call: Call): Attributes {
  const { connection, peer } = call
  const parties = { client: peer.client, protocolVersion: peer.protocolVersion }
  const sessionId = call.sessionId ?? transportSessionId(connection)
  return identifyingAttributes({}, connection, parties, sessionId, undefined)
}
