import { context, SpanKind } from '@opentelemetry/api'
import { injectContext } from '../intent/inject.js'
import type { Runtime } from '../runtime.js'
import { hasRequestId, isRecord, stringOf, type Message, type RequestId } from '../wire.js'
import type { Call } from './call.js'
import type { Connection } from './connection.js'
import { outcomeOfCancellation, outcomeOfFailure, outcomeOfResponse, SUCCESS } from './outcome.js'
import { learnFromRequest, learnFromResponse } from './parties.js'
import { withTraceContext } from './propagation.js'
import { endCall, keepContent, startCall } from './span.js'

type Forward = (message: Message) => unknown

/** Any message on its way out; `forward` sends what the peer is to see. */
export function sendMessage(
  runtime: Runtime | undefined,
  connection: Connection,
  message: Message,
  forward: Forward,
): unknown {
  if (typeof message.method !== 'string') return sendResponse(connection, message, forward)
  if (!runtime) return forward(message)
  const named = message as Message & { method: string }
  return hasRequestId(message)
    ? sendRequest(runtime, connection, named, message.id, forward)
    : sendNotification(runtime, connection, named, forward)
}

function sendResponse(connection: Connection, message: Message, forward: Forward): unknown {
  const call = hasRequestId(message) ? connection.incoming.take(message.id) : undefined
  if (!call) return forward(message)
  const sent = call.method === 'tools/list' ? injectContext(message, call.runtime.config, connection.tools) : message
  try {
    return forward(sent)
  } finally {
    learnFromResponse(connection, call.method, message)
    keepContent(call, { response: message.result ?? message.error })
    endCall(connection, call, outcomeOfResponse(SpanKind.SERVER, call.method, message))
  }
}

function sendRequest(
  runtime: Runtime,
  connection: Connection,
  message: Message & { method: string },
  id: RequestId,
  forward: Forward,
): unknown {
  learnFromRequest(connection, message)
  const call = startCall(runtime, connection, SpanKind.CLIENT, message, context.active(), [])
  keepContent(call, { request: message.params })
  const evicted = connection.outgoing.add(id, call)
  if (evicted) endCall(connection, evicted, outcomeOfFailure('abandoned'))
  const sent = forwardInside(call, withTraceContext(message, call.context), forward, () => {
    if (connection.outgoing.get(id) !== call) return
    connection.outgoing.take(id)
    endCall(connection, call, outcomeOfFailure('send_failed'))
  })
  return sent
}

function sendNotification(
  runtime: Runtime,
  connection: Connection,
  message: Message & { method: string },
  forward: Forward,
): unknown {
  const call = startCall(runtime, connection, SpanKind.CLIENT, message, context.active(), [])
  keepContent(call, { request: message.params })
  if (message.method === 'notifications/cancelled') endCancelled(connection, message)
  let failed = false
  const sent = forwardInside(call, withTraceContext(message, call.context), forward, () => {
    failed = true
    endCall(connection, call, outcomeOfFailure('send_failed'))
  })
  if (isThenable(sent)) {
    return sent.then((value) => {
      endCall(connection, call, SUCCESS)
      return value
    })
  }
  if (!failed) endCall(connection, call, SUCCESS)
  return sent
}

/** Sends inside the call's span; a failure to send is told to `failed` and then to whoever sends. */
function forwardInside(call: Call, message: Message, forward: Forward, failed: () => void): unknown {
  let sent: unknown
  try {
    sent = context.with(call.context, forward, undefined, message)
  } catch (error) {
    failed()
    throw error
  }
  if (!isThenable(sent)) return sent
  return sent.then(undefined, (error: unknown) => {
    failed()
    throw error
  })
}

/** We take a request of ours back: no answer will come. */
function endCancelled(connection: Connection, message: Message): void {
  const id = isRecord(message.params) ? message.params['requestId'] : undefined
  const call =
    typeof id === 'number' || stringOf(id) !== undefined ? connection.outgoing.take(id as RequestId) : undefined
  if (call) endCall(connection, call, outcomeOfCancellation(SpanKind.CLIENT, 'cancelled'))
}

function isThenable(value: unknown): value is Promise<unknown> {
  return value instanceof Promise
}
