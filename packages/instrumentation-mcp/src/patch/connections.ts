import { createConnection, type Connection, type Transport } from '../meaning/connection.js'
import { implementationOf } from '../wire.js'

/** What the hooks read of a `Protocol`: a server or a client of any SDK version. */
export interface ProtocolInstance {
  _transport?: Transport | undefined
  _serverInfo?: unknown
  _clientInfo?: unknown
}

const byProtocol = new WeakMap<object, Connection>()

/** The connection of this server or client on this transport; a new transport begins a new one. */
export function openConnection(protocol: ProtocolInstance, transport: Transport): Connection {
  const known = byProtocol.get(protocol)
  if (known?.transport === transport) return known
  const connection = createConnection(transport)
  connection.server = implementationOf(protocol._serverInfo)
  connection.client = implementationOf(protocol._clientInfo)
  byProtocol.set(protocol, connection)
  return connection
}

/** The connection that is open now, if there is one. */
export function connectionOf(protocol: ProtocolInstance): Connection | undefined {
  return byProtocol.get(protocol)
}

export function forgetConnection(protocol: ProtocolInstance): Connection | undefined {
  const connection = byProtocol.get(protocol)
  byProtocol.delete(protocol)
  return connection
}
