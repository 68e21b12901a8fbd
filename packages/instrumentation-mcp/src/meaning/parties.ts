import { implementationOf, isRecord, stringOf, type Message } from '../wire.js'
import type { Connection } from './connection.js'

const META = 'io.modelcontextprotocol/'

/** Learns who speaks from a request that carries it: `initialize`, or the `_meta` of protocol 2026-07-28. */
export function learnFromRequest(connection: Connection, message: Message): void {
  if (message.method === 'initialize') {
    connection.client = implementationOf(message.params?.['clientInfo']) ?? connection.client
    return
  }
  const meta = message.params?._meta
  if (!isRecord(meta)) return
  const version = stringOf(meta[`${META}protocolVersion`])
  if (version === undefined) return
  connection.protocolVersion = version
  connection.client = implementationOf(meta[`${META}clientInfo`]) ?? connection.client
}

/** Learns what was agreed from the answer to `initialize`, and the server from any answer that names it. */
export function learnFromResponse(connection: Connection, method: string, response: Message): void {
  if (!isRecord(response.result)) return
  const { result } = response
  if (method === 'initialize') {
    connection.protocolVersion = stringOf(result['protocolVersion']) ?? connection.protocolVersion
    connection.server = implementationOf(result['serverInfo']) ?? connection.server
  }
  const meta = result['_meta']
  if (isRecord(meta)) connection.server ??= implementationOf(meta[`${META}serverInfo`])
}
