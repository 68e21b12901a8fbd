import { protocolHookKey } from '@mcpcat/instrumentation-mcp/loading'

type ProtocolHook = (instance: object) => void

/**
 * Calls back once, soon after the first MCP server or client of the process is constructed and before
 * it can send or receive anything. By then every other preload has run and the application has made
 * its own arrangements, and the instance knows its name.
 */
export function onFirstProtocol(callback: (instance: object) => void): void {
  const holder = globalThis as { [protocolHookKey]?: ProtocolHook }
  const next = holder[protocolHookKey]
  holder[protocolHookKey] = (instance) => {
    if (next) holder[protocolHookKey] = next
    else delete holder[protocolHookKey]
    queueMicrotask(() => callback(instance))
    next?.(instance)
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
