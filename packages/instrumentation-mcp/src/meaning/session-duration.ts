import type { Attributes } from '@opentelemetry/api'
import { ATTR_MCP_PROTOCOL_VERSION, ATTR_NETWORK_PROTOCOL_NAME } from '@mcpcat/semconv'
import type { Runtime } from '../runtime.js'
import type { Connection } from './connection.js'
import { setRemote } from './span-attributes.js'

/** Records how long a session lasted; a connection made for one request is none. */
export function recordSession(runtime: Runtime, connection: Connection, sessionId: string | undefined): void {
  if (sessionId === undefined && connection.connectionId === undefined) return
  const attributes: Attributes = {}
  const { protocol } = connection.kind
  if (protocol) attributes[ATTR_NETWORK_PROTOCOL_NAME] = protocol
  setRemote(attributes, connection)
  for (const { protocolVersion } of connection.peers.values()) {
    if (protocolVersion !== undefined) attributes[ATTR_MCP_PROTOCOL_VERSION] = protocolVersion
  }
  const { serverSession, clientSession } = runtime.metrics
  const histogram = connection.role === 'server' ? serverSession : clientSession
  histogram.record((performance.now() - connection.startedAt) / 1000, attributes)
}
