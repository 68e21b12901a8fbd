import { protocolHookKey } from '@mcpcat/instrumentation-mcp/loading'

type ProtocolHook = (instance: object) => void

/**
 * Calls back once, from within the constructor of the first MCP server or client of the process, and then
 * passes it on to whatever hook is there.
 */
export function onFirstProtocol(callback: (instance: object) => void): void {
  const holder = globalThis as { [protocolHookKey]?: ProtocolHook }
  const earlier = holder[protocolHookKey]
  holder[protocolHookKey] = (instance) => {
    if (earlier) holder[protocolHookKey] = earlier
    else delete holder[protocolHookKey]
    callback(instance)
    holder[protocolHookKey]?.(instance)
  }
}

/** What an MCP server or client says of itself. */
export interface ProtocolDescription {
  readonly name: string | undefined
  readonly role: 'server' | 'client'
  /** Generation of the MCP SDK. */
  readonly sdk: 'v1' | 'v2'
}

export function describeProtocol(instance: object): ProtocolDescription {
  // McpServer, of either generation, keeps the protocol in `server`.
  const { server: inner } = instance as { server?: object }
  const protocol = inner ?? instance
  const { _serverInfo, _clientInfo } = protocol as { _serverInfo?: Named; _clientInfo?: Named }
  const name = (_serverInfo ?? _clientInfo)?.name
  return {
    name: typeof name === 'string' && name !== '' ? name : undefined,
    role: '_oninitialize' in protocol ? 'server' : 'client',
    sdk: '_requestWithSchemaViaCodec' in protocol ? 'v2' : 'v1',
  }
}

interface Named {
  readonly name?: unknown
}
