import type { McpInstrumentationConfig } from './config.js'
import { guarded, warnOnce } from './guard.js'
import { hookHttpHandler, type HttpHandler } from './patch/http-entry.js'
import { patchOwnerOf } from './patch/prototypes.js'
import { hookProtocolInstance, lowLevel } from './patch/protocol.js'
import { hookTransport } from './patch/transport.js'
import { runtimeOf, type Providers } from './runtime.js'

/** Options of one server or client; over those of the process, where there are any. */
export interface InstrumentOptions extends McpInstrumentationConfig, Providers {}

/**
 * Instruments one MCP server: an `McpServer`, a `Server`, or anything that holds one in `server`.
 * May be called before or after `connect`, and more than once. Returns the server.
 *
 * @example
 * instrumentServer(server, { identify: (request, extra) => ({ userId: userOf(extra) }) })
 */
export function instrumentServer<T extends object>(server: T, options: InstrumentOptions = {}): T {
  return instrument(server, options)
}

/** Instruments one MCP client. Returns the client. */
export function instrumentClient<T extends object>(client: T, options: InstrumentOptions = {}): T {
  return instrument(client, options)
}

/**
 * Instruments the handler that `createMcpHandler` of SDK v2 returns, for the requests that it refuses
 * or answers before any server sees them. Returns the handler.
 */
export function instrumentHandler<T extends HttpHandler>(handler: T): T {
  return hookHttpHandler(handler, true)
}

function instrument<T extends object>(instance: T, options: InstrumentOptions): T {
  guarded('instrument', () => {
    const { tracerProvider, meterProvider, ...config } = options
    const low = lowLevel(instance)
    hookProtocolInstance(instance)
    const owner = patchOwnerOf(low)
    if (!owner) return warnOnce('this is no MCP server or client of the official SDK; it is left alone')
    owner.setInstanceOptions(low, config, {
      ...(tracerProvider && { tracerProvider }),
      ...(meterProvider && { meterProvider }),
    })
    if (runtimeOf(low) && low._transport) hookTransport(low, low._transport)
  })
  return instance
}
