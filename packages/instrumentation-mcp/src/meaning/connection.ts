import { randomUUID } from 'node:crypto'
import type { Implementation } from '../wire.js'
import { CallTable } from './call.js'
import { transportKind, type TransportKind } from './transport-kind.js'

/** What the hooks need of a transport. */
export interface Transport {
  send(message: unknown, options?: unknown): unknown
  sessionId?: unknown
}

/** One server or client on one transport, from `connect` to close. */
export interface Connection {
  readonly transport: Transport
  readonly kind: TransportKind
  /** Of a transport with a single peer, where the connection is the session. */
  readonly connectionId: string | undefined
  readonly startedAt: number
  readonly incoming: CallTable
  readonly outgoing: CallTable
  client: Implementation | undefined
  server: Implementation | undefined
  protocolVersion: string | undefined
  /** Of the tools that this connection listed: whether their schema got our `context`. */
  readonly tools: Map<string, boolean>
}

export function createConnection(transport: Transport): Connection {
  const kind = transportKind(transport)
  return {
    transport,
    kind,
    connectionId: kind.singlePeer ? randomUUID() : undefined,
    startedAt: performance.now(),
    incoming: new CallTable(),
    outgoing: new CallTable(),
    client: undefined,
    server: undefined,
    protocolVersion: undefined,
    tools: new Map(),
  }
}

/** The session id that the transport really has. */
export function transportSessionId(connection: Connection): string | undefined {
  const id = connection.transport.sessionId
  return typeof id === 'string' && id !== '' ? id : undefined
}
