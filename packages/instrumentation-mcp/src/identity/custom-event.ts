import { context, SpanKind, SpanStatusCode, type Attributes } from '@opentelemetry/api'
import {
  addSpanContent,
  ATTR_ERROR_TYPE,
  ATTR_MCP_SESSION_ID,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_INTENT,
  ATTR_MCPCAT_RESOURCE_NAME,
} from '@mcpcat/semconv'
import { snapshot } from '../content/snapshot.js'
import { guarded } from '../guard.js'
import { transportSessionId, peerOf, type Connection } from '../meaning/connection.js'
import { addException, errorType } from '../meaning/exception.js'
import { identifyingAttributes } from '../meaning/span-attributes.js'
import { connectionOf } from '../patch/connections.js'
import { lowLevel } from '../patch/protocol.js'
import { defaultRuntime, runtimeOf, type Runtime } from '../runtime.js'
import { propertyAttributes, tagAttributes } from './attributes.js'
import { knownUserOfSession } from './known-users.js'

/** Something that happened, and is no protocol request. */
export interface CustomEvent {
  /** What it is about; becomes the span's name. */
  resourceName?: string
  /** In words: stands where a tool call has the agent's intent. */
  message?: string
  /** Content, kept beside the span as that of a request is. */
  parameters?: unknown
  response?: unknown
  /** Milliseconds; the event then began that long ago. */
  duration?: number
  isError?: boolean
  error?: unknown
  tags?: Readonly<Record<string, string>>
  properties?: Readonly<Record<string, unknown>>
}

/**
 * Adds an event to a session: that of the server's (or client's) present connection, or the one
 * whose transport session id is given. Inside a handler the event is part of the request's trace.
 * Never throws.
 *
 * @example
 * publishCustomEvent(server, { resourceName: 'checkout', message: 'the cart was paid', duration: 120 })
 */
export function publishCustomEvent(serverOrSession: object | string, event: CustomEvent): void {
  guarded('custom event', () => {
    const low = typeof serverOrSession === 'string' ? undefined : lowLevel(serverOrSession)
    const runtime = (low && runtimeOf(low)) ?? defaultRuntime()
    const connection = low && connectionOf(low)
    const session = typeof serverOrSession === 'string' ? serverOrSession : undefined
    const attributes = connection ? attributesOf(connection) : session ? { [ATTR_MCP_SESSION_ID]: session } : {}
    publish(runtime, attributes, event)
  })
}

function attributesOf(connection: Connection): Attributes {
  // In a handler, the session is that of the request; elsewhere the transport's own.
  const call = connection.incoming.active()
  const sessionId = call?.sessionId ?? transportSessionId(connection)
  const peer = call?.peer ?? peerOf(connection, sessionId)
  const parties = { client: peer.client ?? peer.lastClient, protocolVersion: peer.protocolVersion }
  const user = call ? call.user : knownUserOfSession(sessionId ?? connection.connectionId)
  return { ...identifyingAttributes({}, connection, parties, sessionId, undefined), ...user }
}

function publish(runtime: Runtime, session: Attributes, event: CustomEvent): void {
  const { resourceName, message, parameters, response, duration, error, tags, properties } = event
  const endedAt = performance.now()
  const took = typeof duration === 'number' && duration > 0 ? duration : 0
  const attributes: Attributes = { ...session, [ATTR_MCPCAT_EVENT_TYPE]: 'custom' }
  if (resourceName !== undefined) attributes[ATTR_MCPCAT_RESOURCE_NAME] = resourceName
  if (message !== undefined) attributes[ATTR_MCPCAT_INTENT] = message
  if (tags) Object.assign(attributes, tagAttributes(tags))
  if (properties) Object.assign(attributes, propertyAttributes(properties))
  const span = runtime.tracer.startSpan(
    resourceName ?? 'mcpcat.custom',
    { kind: SpanKind.INTERNAL, attributes, startTime: endedAt - took },
    context.active(),
  )
  if (event.isError === true || error !== undefined) {
    span.setAttribute(ATTR_ERROR_TYPE, error === undefined ? 'custom_error' : errorType(error))
    span.setStatus({ code: SpanStatusCode.ERROR, ...(error instanceof Error && { message: error.message }) })
    if (error !== undefined) addException(span, error)
  }
  const { captureContent, maxContentLength } = runtime.config
  if (captureContent !== 'none' && span.isRecording()) {
    addSpanContent(span, {
      ...(parameters !== undefined && { request: snapshot(parameters, maxContentLength) }),
      ...(response !== undefined && { response: snapshot(response, maxContentLength) }),
    })
  }
  span.end(endedAt)
}
