import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_JSONRPC_PROTOCOL_VERSION,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_MCP_CLIENT_NAME,
  ATTR_MCP_CLIENT_TITLE,
  ATTR_MCP_CLIENT_VERSION,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_SERVER_NAME,
  ATTR_MCP_SERVER_VERSION,
  ATTR_MCP_SESSION_ID,
  ATTR_MCPCAT_CONNECTION_ID,
  ATTR_MCPCAT_SESSION_SOURCE,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_TRANSPORT,
  ATTR_SESSION_ID,
} from '@mcpcat/semconv'
import { hasRequestId, stringOf, type Implementation, type Message } from '../wire.js'
import { transportSessionId, type Connection } from './connection.js'
import { meaningOf } from './methods.js'

/** What span and operation metric both carry, and the target of the span's name. */
export function operationAttributes(
  connection: Connection,
  message: Message & { method: string },
): { attributes: Attributes; target: string | undefined } {
  const { attribute, named, operation } = meaningOf(message.method)
  const attributes: Attributes = { [ATTR_MCP_METHOD_NAME]: message.method }
  let target: string | undefined
  if (attribute) {
    const value = stringOf(message.params?.[attribute[0]])
    if (value !== undefined) attributes[attribute[1]] = value
    if (named) target = value
  }
  if (operation) attributes[ATTR_GEN_AI_OPERATION_NAME] = operation
  if (connection.protocolVersion !== undefined) attributes[ATTR_MCP_PROTOCOL_VERSION] = connection.protocolVersion
  if (message.jsonrpc !== '2.0' && typeof message.jsonrpc === 'string') {
    attributes[ATTR_JSONRPC_PROTOCOL_VERSION] = message.jsonrpc
  }
  if (connection.kind.network) attributes[ATTR_NETWORK_TRANSPORT] = connection.kind.network
  if (connection.kind.protocol) attributes[ATTR_NETWORK_PROTOCOL_NAME] = connection.kind.protocol
  return { attributes, target }
}

/** What only the span carries: ids and the two parties. */
export function identifyingAttributes(connection: Connection, message: Message): Attributes {
  const attributes: Attributes = {}
  if (hasRequestId(message)) attributes[ATTR_JSONRPC_REQUEST_ID] = String(message.id)
  Object.assign(attributes, partyAttributes(connection))
  return attributes
}

/** Also read again when a span ends: the first answers are what tells who the peer is. */
export function partyAttributes(connection: Connection): Attributes {
  const attributes: Attributes = {}
  const { client, server, connectionId } = connection
  setImplementation(attributes, client, ATTR_MCP_CLIENT_NAME, ATTR_MCP_CLIENT_VERSION)
  if (client?.title !== undefined) attributes[ATTR_MCP_CLIENT_TITLE] = client.title
  setImplementation(attributes, server, ATTR_MCP_SERVER_NAME, ATTR_MCP_SERVER_VERSION)
  const sessionId = transportSessionId(connection)
  if (sessionId !== undefined) attributes[ATTR_MCP_SESSION_ID] = sessionId
  else if (connectionId !== undefined) {
    attributes[ATTR_MCPCAT_CONNECTION_ID] = connectionId
    attributes[ATTR_SESSION_ID] = connectionId
    attributes[ATTR_MCPCAT_SESSION_SOURCE] = 'connection'
  }
  return attributes
}

function setImplementation(
  attributes: Attributes,
  implementation: Implementation | undefined,
  name: string,
  version: string,
): void {
  if (implementation?.name !== undefined) attributes[name] = implementation.name
  if (implementation?.version !== undefined) attributes[version] = implementation.version
}
