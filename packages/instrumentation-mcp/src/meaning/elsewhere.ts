import { SpanKind } from '@opentelemetry/api'
import { captureRequest } from '../content/capture.js'
import type { Runtime } from '../runtime.js'
import type { Message, Named } from '../wire.js'
import type { Connection } from './connection.js'
import { requestAnswered } from './incoming.js'
import { SUCCESS } from './outcome.js'
import { incomingContext } from './propagation.js'
import { endCall, startCall } from './span.js'

/** A request was answered, or acknowledged, by somebody before it came to a server: its span, after the fact. */
export function answeredElsewhere(
  runtime: Runtime,
  connection: Connection,
  message: Named,
  receivedAt: number,
  answer: Message,
  extra?: unknown,
): void {
  const call = startCall(runtime, connection, message, {
    kind: SpanKind.SERVER,
    ...incomingContext(message),
    startedAt: receivedAt,
    extra,
  })
  captureRequest(call, message.params)
  if (answer.method === undefined) requestAnswered(call, answer)
  else endCall(call, SUCCESS)
}
