import { metrics, trace } from '@opentelemetry/api'
import { resolveConfig, type McpInstrumentationConfig } from './config.js'
import { hookTransport } from './patch/transport.js'
import { hookProtocolInstance, lowLevel } from './patch/protocol.js'
import { createRuntime, setInstanceRuntime } from './runtime.js'
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from './version.js'

/**
 * Instruments one MCP server: an `McpServer`, a `Server`, or anything that holds one in `server`.
 * May be called before or after `connect`, and more than once. Returns the server.
 */
export function instrumentServer<T extends object>(server: T, config?: McpInstrumentationConfig): T {
  return instrument(server, config)
}

/** Instruments one MCP client. Returns the client. */
export function instrumentClient<T extends object>(client: T, config?: McpInstrumentationConfig): T {
  return instrument(client, config)
}

function instrument<T extends object>(instance: T, config?: McpInstrumentationConfig): T {
  const low = lowLevel(instance)
  const tracer = trace.getTracer(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION)
  const meter = metrics.getMeter(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION)
  setInstanceRuntime(low, createRuntime(tracer, meter, resolveConfig(config)))
  hookProtocolInstance(instance)
  if (low._transport) hookTransport(low, low._transport)
  return instance
}
