import { randomUUID } from 'node:crypto'
import type { Implementation } from '../wire.js'
import { CallTable } from './call-table.js'
import { knowTransport, urlOf, type TransportKind } from './transport-kind.js'

/** What the hooks need of a transport. */
export interface Transport {
  send(message: unknown, options?: unknown): unknown
  sessionId?: unknown
  onmessage?: unknown
}

/** One server or client on one transport, from `connect` to close. */
export interface Connection {
  /** The `Protocol` that speaks: a server or a client of any SDK version. */
  readonly protocol: object
  readonly role: 'server' | 'client'
  readonly transport: Transport
  /** The transport inside all wrappers, or the transport itself. */
  readonly innermost: object
  readonly kind: TransportKind
  /** Of a transport with a single peer, where the connection is the session. */
  readonly connectionId: string | undefined
  readonly startedAt: number
  readonly incoming: CallTable
  readonly outgoing: CallTable
  /** The server's own info, or what the server told its client. */
  server: Implementation | undefined
  /** Host and port that a client talks to. */
  readonly remote: URL | undefined
  /** By transport session, for server objects that serve several. */
  readonly peers: Map<string, Peer>
}

/** What is known of the other party of one session. */
export interface Peer {
  /** From `initialize`. */
  client: Implementation | undefined
  /** From the `_meta` of an earlier request, for messages that carry none. */
  lastClient: Implementation | undefined
  protocolVersion: string | undefined
}

const MAX_PEERS = 1024

/** Wrappers come and go around one stdio transport; the connection stays the same. */
const connectionIds = new WeakMap<object, string>()

export function createConnection(
  protocol: object,
  transport: Transport,
  known: { role: Connection['role']; server: Implementation | undefined; client: Implementation | undefined },
): Connection {
  const { kind, innermost } = knowTransport(transport)
  const connection: Connection = {
    protocol,
    role: known.role,
    transport,
    innermost,
    kind,
    connectionId: kind.singlePeer ? connectionIdOf(innermost) : undefined,
    startedAt: performance.now(),
    incoming: new CallTable(),
    outgoing: new CallTable(),
    server: known.server,
    remote: urlOf(innermost),
    peers: new Map(),
  }
  if (known.client) peerOf(connection, undefined).client = known.client
  return connection
}

function connectionIdOf(innermost: object): string {
  const known = connectionIds.get(innermost)
  if (known !== undefined) return known
  const id = randomUUID()
  connectionIds.set(innermost, id)
  return id
}

export function peerOf(connection: Connection, sessionId: string | undefined): Peer {
  const key = connection.role === 'client' ? '' : (sessionId ?? '')
  const known = connection.peers.get(key)
  if (known) return known
  if (connection.peers.size >= MAX_PEERS) {
    const oldest = connection.peers.keys().next()
    if (!oldest.done) connection.peers.delete(oldest.value)
  }
  const peer: Peer = { client: undefined, lastClient: undefined, protocolVersion: undefined }
  connection.peers.set(key, peer)
  return peer
}

/** The session id that the transport really has; a wrapper need not pass it on. */
export function transportSessionId({ transport, innermost }: Connection): string | undefined {
  return sessionIdIn(transport) ?? sessionIdIn(innermost)
}

function sessionIdIn(transport: object): string | undefined {
  const id = 'sessionId' in transport ? transport.sessionId : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}
