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

/** The name that an MCP server or client gave itself. */
export function protocolName(instance: object): string | undefined {
  const { _serverInfo, _clientInfo, server } = instance as {
    _serverInfo?: { name?: unknown }
    _clientInfo?: { name?: unknown }
    server?: object
  }
  const name = (_serverInfo ?? _clientInfo)?.name
  if (typeof name === 'string' && name !== '') return name
  return server ? protocolName(server) : undefined
}
