import { context, SpanKind } from '@opentelemetry/api'
import { captureRequest, captureResponse } from '../content/capture.js'
import { guarded } from '../guard.js'
import { enrich, enrichNotification } from '../identity/enrich.js'
import type { Handler } from '../intent/ask-server.js'
import { planAttributes, planToolCall, type ToolCallPlan } from '../intent/tool-call.js'
import type { Runtime } from '../runtime.js'
import { count } from '../stats.js'
import { hasRequestId, type Message, type Named, type RequestId } from '../wire.js'
import type { Call } from './call.js'
import { transportSessionId, type Connection } from './connection.js'
import {
  outcomeOfAbandonment,
  outcomeOfCancellation,
  outcomeOfClosedConnection,
  outcomeOfResponse,
  outcomeOfTimeout,
  SUCCESS,
} from './outcome.js'
import { subscriptionIdOf } from './subscription-id.js'
import { learnFromResponse } from './parties.js'
import { incomingContext } from './propagation.js'
import { recordSession } from './session-duration.js'
import { endCall, startCall } from './span.js'

/** Lets the SDK go on, with the message it is to see and the handlers that are to answer. */
export type Dispatch = (message: Message, substitute: Substitute | undefined) => unknown
export type Substitute = (original: Handler | undefined, list: Handler | undefined) => Handler | undefined

/** A request came in: its span starts, and the SDK goes on inside it. */
export function receiveRequest(
  runtime: Runtime,
  connection: Connection,
  message: Named,
  extra: unknown,
  dispatch: Dispatch,
): unknown {
  const plan = (message.method === 'tools/call' &&
    guarded('intent', () => planToolCall(runtime, connection, message))) || { message }
  const call = guarded('request', () => beginRequest(runtime, connection, message, extra, plan))
  if (!call) return dispatch(plan.message, undefined)
  return context.with(call.context, dispatch, undefined, plan.message, substitute(call, plan))
}

function beginRequest(
  runtime: Runtime,
  connection: Connection,
  message: Named,
  extra: unknown,
  plan: ToolCallPlan,
): Call {
  const call = startCall(runtime, connection, message, {
    kind: SpanKind.SERVER,
    ...incomingContext(message),
    extra,
    attributes: planAttributes(plan),
  })
  captureRequest(call, plan.message.params)
  if (hasRequestId(message)) abandon(connection.incoming.add(message.id, call))
  enrich(call, plan.message, extra)
  return call
}

/** Keeps what the handler throws: the answer that the SDK makes of it has lost type and stack. */
function substitute(call: Call, plan: ToolCallPlan): Substitute {
  return (original, list) => {
    const handler = plan.handler ? plan.handler(call, original, list) : original
    if (!handler) return undefined
    return (request, extra) => {
      try {
        const result = handler(request, extra)
        // Only a plain promise: to subscribe to some lazy thenables is to run them again.
        if (result instanceof Promise && result.constructor === Promise) {
          result.then(undefined, (error: unknown) => noteThrown(call, error))
        }
        return result
      } catch (error) {
        noteThrown(call, error)
        throw error
      }
    }
  }
}

/** The first thing thrown is the cause of what follows. */
export function noteThrown(call: Call, error: unknown): void {
  call.thrown ??= { error }
}

/** A notification came in: its span covers the dispatch. */
export function receiveNotification(
  runtime: Runtime,
  connection: Connection,
  message: Named,
  extra: unknown,
  dispatch: (message: Message) => unknown,
): unknown {
  const call = guarded('notification', () => {
    const started = startCall(runtime, connection, message, {
      kind: SpanKind.SERVER,
      ...incomingContext(message),
      extra,
    })
    captureRequest(started, message.params)
    enrichNotification(started, extra)
    return started
  })
  if (!call) return dispatch(message)
  try {
    return context.with(call.context, dispatch, undefined, message)
  } finally {
    guarded('notification', () => endCall(call, SUCCESS))
  }
}

/** The answer to a request of ours came in. */
export function receiveResponse(connection: Connection, message: Message): void {
  guarded('response', () => {
    const call = hasRequestId(message) ? connection.outgoing.take(message.id) : undefined
    if (!call) return
    learnFromResponse(connection, call.peer, call.method, message)
    captureResponse(call, message.result ?? message.error)
    endCall(call, outcomeOfResponse(SpanKind.CLIENT, call.method, message))
  })
}

/** Our answer to a request goes out, or is put where it will be fetched. */
export function requestAnswered(call: Call, message: Message): void {
  guarded('answer', () => {
    learnFromResponse(call.connection, call.peer, call.method, message)
    captureResponse(call, message.result ?? message.error)
    endCall(call, outcomeOfResponse(SpanKind.SERVER, call.method, message))
  })
}

/** The peer took a request back and the SDK will not answer it. */
export function requestCancelled(connection: Connection, id: RequestId): void {
  guarded('cancellation', () => {
    const call = connection.incoming.take(id)
    if (call) endCall(call, outcomeOfCancellation(SpanKind.SERVER))
  })
}

/** We gave up waiting for an answer, without a word to the peer. */
export function requestTimedOut(connection: Connection, id: RequestId): void {
  guarded('timeout', () => {
    const call = connection.outgoing.take(id)
    if (call) endCall(call, outcomeOfTimeout())
  })
}

/** The acknowledgement of a subscription is the answer to the request for it. */
export function subscriptionAcknowledged(connection: Connection, message: Message): void {
  guarded('subscription', () => {
    const id = subscriptionIdOf(message)
    const call = typeof id === 'string' || typeof id === 'number' ? connection.outgoing.take(id) : undefined
    if (call) endCall(call, SUCCESS)
  })
}

/** The connection is gone, and with it every answer that was still to come. */
export function connectionClosed(runtime: Runtime | undefined, connection: Connection): void {
  guarded('close', () => {
    for (const call of connection.incoming.takeAll()) endCall(call, outcomeOfClosedConnection(SpanKind.SERVER))
    for (const call of connection.outgoing.takeAll()) endCall(call, outcomeOfClosedConnection(SpanKind.CLIENT))
    if (runtime) recordSession(runtime, connection, transportSessionId(connection))
  })
}

export function abandon(call: Call | undefined): void {
  if (!call) return
  count('callsAbandoned')
  endCall(call, outcomeOfAbandonment())
}
