import { createConnection, type Connection, type Transport } from '../meaning/connection.js'
import { implementationOf, type RequestId } from '../wire.js'

/** What the hooks read of a `Protocol`: a server or a client of any SDK version. */
export interface ProtocolInstance {
  _transport?: Transport | undefined
  _serverInfo?: unknown
  _clientInfo?: unknown
  _requestHandlers?: unknown
  _requestHandlerAbortControllers?: unknown
}

const byProtocol = new WeakMap<object, Connection>()

/** The connection of this server or client on this transport; a new transport begins a new one. */
export function openConnection(protocol: ProtocolInstance, transport: Transport): Connection {
  const known = byProtocol.get(protocol)
  if (known?.transport === transport) return known
  const connection = createConnection(protocol, transport, {
    role: '_oninitialize' in protocol ? 'server' : 'client',
    server: implementationOf(protocol._serverInfo),
    client: implementationOf(protocol._clientInfo),
  })
  byProtocol.set(protocol, connection)
  return connection
}

/** The connection that is open now, if there is one. */
export function connectionOf(protocol: object): Connection | undefined {
  return byProtocol.get(protocol)
}

export function forgetConnection(protocol: object): Connection | undefined {
  const connection = byProtocol.get(protocol)
  byProtocol.delete(protocol)
  return connection
}

/** The signal that the SDK aborts when the peer takes this request back. */
export function abortSignalOf(protocol: ProtocolInstance, id: RequestId): AbortSignal | undefined {
  const controllers = protocol._requestHandlerAbortControllers
  const controller: unknown = controllers instanceof Map ? controllers.get(id) : undefined
  return controller instanceof AbortController ? controller.signal : undefined
}
