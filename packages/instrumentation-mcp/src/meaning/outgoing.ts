import { context, SpanKind } from '@opentelemetry/api'
import { captureRequest } from '../content/capture.js'
import { guarded } from '../guard.js'
import { extendToolList } from '../intent/list-tools.js'
import type { Runtime } from '../runtime.js'
import { hasRequestId, isRecord, type Message, type Named } from '../wire.js'
import type { Call } from './call.js'
import type { Connection } from './connection.js'
import { abandon, requestAnswered } from './incoming.js'
import { outcomeOfCancellation, outcomeOfFailure, outcomeOfTimeout, SUCCESS } from './outcome.js'
import { withTraceContext } from './propagation.js'
import { endCall, startCall } from './span.js'

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
  const named = message as Named
  const started = guarded('send', () => begin(runtime, connection, named))
  if (!started) return forward(message)
  const { call, sent } = started
  const failed = (error: unknown): void => {
    guarded('send', () => {
      if (call.id === undefined || connection.outgoing.remove(call)) endCall(call, outcomeOfFailure(error))
    })
  }
  const sentOff = (): void => {
    // A request ends with its answer, a notification when it is out.
    if (call.id === undefined) guarded('send', () => endCall(call, SUCCESS))
  }
  return forwardInside(call, sent, forward, sentOff, failed)
}

function begin(runtime: Runtime, connection: Connection, message: Named): { call: Call; sent: Message } {
  const call = startCall(runtime, connection, message, { kind: SpanKind.CLIENT, parent: context.active(), links: [] })
  captureRequest(call, message.params)
  if (hasRequestId(message)) abandon(connection.outgoing.add(message.id, call))
  else if (message.method === 'notifications/cancelled') takenBack(connection, message.params?.['requestId'])
  return { call, sent: withTraceContext(message, call.context) }
}

function sendResponse(connection: Connection, message: Message, forward: Forward): unknown {
  const call = hasRequestId(message) ? connection.incoming.take(message.id) : undefined
  if (!call) return forward(message)
  const sent =
    call.method === 'tools/list' ? (guarded('tool list', () => extendToolList(call, message)) ?? message) : message
  try {
    return forward(sent)
  } finally {
    // After the answer is on its way: what we do with it costs the peer nothing.
    requestAnswered(call, message)
  }
}

/** Sends inside the call's span, and lets a failure pass on to whoever sends. */
function forwardInside(
  call: Call,
  message: Message,
  forward: Forward,
  sentOff: () => void,
  failed: (error: unknown) => void,
): unknown {
  let sent: unknown
  try {
    sent = context.with(call.context, forward, undefined, message)
  } catch (error) {
    failed(error)
    throw error
  }
  if (!(sent instanceof Promise)) {
    sentOff()
    return sent
  }
  return sent.then(
    (value: unknown) => {
      sentOff()
      return value
    },
    (error: unknown) => {
      failed(error)
      throw error
    },
  )
}

/** We take a request of ours back: no answer will come. */
export function takenBack(connection: Connection, id: unknown): void {
  if (typeof id !== 'number' && typeof id !== 'string') return
  const call = connection.outgoing.take(id)
  if (call) endCall(call, call.timedOut ? outcomeOfTimeout() : outcomeOfCancellation(SpanKind.CLIENT))
}

/** Where the SDK ends a request by closing its stream instead of saying so. */
export function endOnAbort(connection: Connection, message: Message, options: unknown): void {
  const signal = isRecord(options) ? options['requestSignal'] : undefined
  if (!hasRequestId(message) || !(signal instanceof AbortSignal)) return
  signal.addEventListener('abort', () => guarded('abort', () => takenBack(connection, message.id)), { once: true })
}
