import { context, SpanKind } from '@opentelemetry/api'
import { ATTR_MCPCAT_INTENT } from '@mcpcat/semconv'
import { stripContext } from '../intent/strip.js'
import type { Runtime } from '../runtime.js'
import { hasRequestId, stringOf, type Message } from '../wire.js'
import type { Connection } from './connection.js'
import { outcomeOfCancellation, outcomeOfFailure, outcomeOfResponse, SUCCESS } from './outcome.js'
import { learnFromRequest, learnFromResponse } from './parties.js'
import { incomingContext } from './propagation.js'
import { endCall, keepContent, startCall } from './span.js'

/** A request came in: its span starts, and `forward` runs inside it with the message the SDK is to see. */
export function receiveRequest(
  runtime: Runtime,
  connection: Connection,
  message: Message & { method: string },
  forward: (message: Message) => unknown,
): unknown {
  learnFromRequest(connection, message)
  const { forwarded, intent } = splitIntent(runtime, connection, message)
  const { parent, links } = incomingContext(message)
  const call = startCall(runtime, connection, SpanKind.SERVER, { ...forwarded, method: message.method }, parent, links)
  if (intent !== undefined) call.span.setAttribute(ATTR_MCPCAT_INTENT, intent)
  keepContent(call, { request: forwarded.params })
  if (hasRequestId(message)) {
    const evicted = connection.incoming.add(message.id, call)
    if (evicted) endCall(connection, evicted, outcomeOfCancellation(SpanKind.SERVER, 'abandoned'))
  }
  return context.with(call.context, forward, undefined, forwarded)
}

/** A notification came in: its span covers the dispatch. */
export function receiveNotification(
  runtime: Runtime,
  connection: Connection,
  message: Message & { method: string },
  forward: (message: Message) => unknown,
): unknown {
  const { parent, links } = incomingContext(message)
  const call = startCall(runtime, connection, SpanKind.SERVER, message, parent, links)
  keepContent(call, { request: message.params })
  try {
    return context.with(call.context, forward, undefined, message)
  } finally {
    endCall(connection, call, SUCCESS)
  }
}

/** The answer to a request of ours came in. */
export function receiveResponse(connection: Connection, message: Message): void {
  const call = hasRequestId(message) ? connection.outgoing.take(message.id) : undefined
  if (!call) return
  learnFromResponse(connection, call.method, message)
  keepContent(call, { response: message.result ?? message.error })
  endCall(connection, call, outcomeOfResponse(SpanKind.CLIENT, call.method, message))
}

/** The connection is gone, and with it every answer that was still to come. */
export function connectionClosed(connection: Connection): void {
  for (const call of connection.incoming.takeAll()) {
    endCall(connection, call, outcomeOfCancellation(SpanKind.SERVER, 'connection_closed'))
  }
  for (const call of connection.outgoing.takeAll()) endCall(connection, call, outcomeOfFailure('connection_closed'))
}

function splitIntent(
  runtime: Runtime,
  connection: Connection,
  message: Message,
): { forwarded: Message; intent: string | undefined } {
  const untouched = { forwarded: message, intent: undefined }
  if (message.method !== 'tools/call' || runtime.config.context === 'off') return untouched
  const name = stringOf(message.params?.['name'])
  if (name === undefined || connection.tools.get(name) !== true) return untouched
  const stripped = stripContext(message)
  return { forwarded: stripped.message, intent: stripped.intent }
}
