import type { McpInstrumentationConfig } from './config.js'
import { guarded } from './guard.js'
import { hookProtocolInstance, lowLevel } from './patch/protocol.js'
import { hookTransport } from './patch/transport.js'
import { setInstanceOptions, type Providers } from './runtime.js'

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

function instrument<T extends object>(instance: T, options: InstrumentOptions): T {
  guarded('instrument', () => {
    const { tracerProvider, meterProvider, ...config } = options
    const low = lowLevel(instance)
    setInstanceOptions(low, config, {
      ...(tracerProvider && { tracerProvider }),
      ...(meterProvider && { meterProvider }),
    })
    hookProtocolInstance(instance)
    if (low._transport) hookTransport(low, low._transport)
  })
  return instance
}
