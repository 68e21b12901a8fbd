import type { Attributes, Context } from '@opentelemetry/api'
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
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SESSION_ID,
} from '@mcpcat/semconv'
import { hasRequestId, stringOf, type Implementation, type Message } from '../wire.js'
import type { Connection } from './connection.js'
import { httpVersionAttribute } from './http-request.js'
import { meaningOf } from './methods.js'
import type { Parties } from './parties.js'

/** What span and operation metric both carry, and the target of the span's name. */
export function operationAttributes(
  connection: Connection,
  parties: Parties,
  message: Message & { method: string },
  ambient: Context,
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
  if (parties.protocolVersion !== undefined) attributes[ATTR_MCP_PROTOCOL_VERSION] = parties.protocolVersion
  if (message.jsonrpc !== '2.0' && typeof message.jsonrpc === 'string') {
    attributes[ATTR_JSONRPC_PROTOCOL_VERSION] = message.jsonrpc
  }
  const { network, protocol } = connection.kind
  if (network) attributes[ATTR_NETWORK_TRANSPORT] = network
  if (protocol) {
    attributes[ATTR_NETWORK_PROTOCOL_NAME] = protocol
    httpVersionAttribute(ambient, attributes)
  }
  setRemote(attributes, connection)
  return { attributes, target }
}

/** Where a client's connection goes. */
export function setRemote(attributes: Attributes, { remote }: Connection): void {
  if (!remote) return
  attributes[ATTR_SERVER_ADDRESS] = remote.hostname
  const port = Number(remote.port || DEFAULT_PORTS[remote.protocol])
  if (port) attributes[ATTR_SERVER_PORT] = port
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 }

/** What only the span carries: ids and the two parties. */
export function identifyingAttributes(
  attributes: Attributes,
  connection: Connection,
  parties: Parties,
  sessionId: string | undefined,
  message: Message | undefined,
): Attributes {
  if (message && hasRequestId(message)) attributes[ATTR_JSONRPC_REQUEST_ID] = String(message.id)
  const { client } = parties
  setImplementation(attributes, client, ATTR_MCP_CLIENT_NAME, ATTR_MCP_CLIENT_VERSION)
  if (client?.title !== undefined) attributes[ATTR_MCP_CLIENT_TITLE] = client.title
  setImplementation(attributes, connection.server, ATTR_MCP_SERVER_NAME, ATTR_MCP_SERVER_VERSION)
  setSession(attributes, connection, sessionId)
  return attributes
}

export function setSession(attributes: Attributes, connection: Connection, sessionId: string | undefined): void {
  const { connectionId } = connection
  if (sessionId !== undefined) attributes[ATTR_MCP_SESSION_ID] = sessionId
  else if (connectionId !== undefined) {
    attributes[ATTR_MCPCAT_CONNECTION_ID] = connectionId
    attributes[ATTR_SESSION_ID] = connectionId
    attributes[ATTR_MCPCAT_SESSION_SOURCE] = 'connection'
  }
}

export function setImplementation(
  attributes: Attributes,
  implementation: Implementation | undefined,
  name: string,
  version: string,
): void {
  if (implementation?.name !== undefined) attributes[name] = implementation.name
  if (implementation?.version !== undefined) attributes[version] = implementation.version
}
