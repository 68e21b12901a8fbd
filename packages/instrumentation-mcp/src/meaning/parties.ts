import { implementationOf, isRecord, stringOf, type Implementation, type Message } from '../wire.js'
import type { Connection, Peer } from './connection.js'
import { clientOfUserAgent, headerOf } from './http-request.js'

const META = 'io.modelcontextprotocol/'

/** Who speaks in one message, and in which revision of the protocol. */
export interface Parties {
  readonly client: Implementation | undefined
  readonly protocolVersion: string | undefined
}

/**
 * The parties of a message received or sent. The client: from `initialize`, else from the
 * message's own `_meta` (protocol 2026-07-28), else from an earlier one's, else from the
 * User-Agent. What a request says of itself is never applied to another session's.
 */
export function partiesOf(peer: Peer, message: Message, extra: unknown): Parties {
  if (message.method === 'initialize') {
    peer.client = implementationOf(message.params?.['clientInfo']) ?? peer.client
    return { client: peer.client, protocolVersion: undefined }
  }
  const meta = message.params?._meta
  let ownClient: Implementation | undefined
  let ownVersion: string | undefined
  if (isRecord(meta)) {
    ownVersion = stringOf(meta[`${META}protocolVersion`])
    ownClient = implementationOf(meta[`${META}clientInfo`])
    if (ownClient) peer.lastClient = ownClient
  }
  const client =
    peer.client ??
    ownClient ??
    peer.lastClient ??
    (extra === undefined ? undefined : clientOfUserAgent(headerOf(extra, 'user-agent')))
  const protocolVersion = ownVersion ?? peer.protocolVersion ?? headerOf(extra, 'mcp-protocol-version')
  return { client, protocolVersion }
}

/** Learns what was agreed from the answer to `initialize`, and the server from any answer that names it. */
export function learnFromResponse(connection: Connection, peer: Peer, method: string, response: Message): void {
  if (!isRecord(response.result)) return
  const { result } = response
  if (method === 'initialize') {
    peer.protocolVersion = stringOf(result['protocolVersion']) ?? peer.protocolVersion
    connection.server = implementationOf(result['serverInfo']) ?? connection.server
  }
  if (connection.server) return
  const meta = result['_meta']
  if (isRecord(meta)) connection.server = implementationOf(meta[`${META}serverInfo`])
}
