import { sendMessage } from '../meaning/outgoing.js'
import type { Connection, Transport } from '../meaning/connection.js'
import { runtimeOf } from '../runtime.js'
import { isRecord } from '../wire.js'
import { openConnection, type ProtocolInstance } from './connections.js'

type Send = (this: unknown, message: unknown, ...rest: unknown[]) => unknown

const hooked = Symbol.for('mcpcat.transport-hook.v1')

/** Wraps `send` of the transport, once, and opens the connection. */
export function hookTransport(protocol: ProtocolInstance, transport: Transport): Connection {
  const connection = openConnection(protocol, transport)
  // oxlint-disable-next-line typescript/unbound-method -- called with the transport as `this` below
  const send = transport.send as Send & { [hooked]?: { connection: Connection; protocol: ProtocolInstance } }
  const owner = send[hooked]
  if (owner) {
    owner.connection = connection
    owner.protocol = protocol
    return connection
  }
  const state = { connection, protocol }
  const wrapped: Send = function (this: unknown, message, ...rest) {
    const forward = (sent: unknown): unknown => send.call(this, sent, ...rest)
    if (!isRecord(message)) return forward(message)
    return sendMessage(runtimeOf(state.protocol), state.connection, message, forward)
  }
  transport.send = Object.assign(wrapped, { [hooked]: state })
  return connection
}
