import { ProxyTracerProvider, trace } from '@opentelemetry/api'
import { flushAtExit } from './exit-flush.js'
import { protocolName } from './first-protocol.js'
import type { Settings } from './settings.js'
import { tell } from './stderr.js'
import { createProvider } from './tracer-provider.js'

/** Makes the global TracerProvider that the environment asks for, unless the process has one already. */
export function provideTracing(settings: Settings, instance: object): void {
  try {
    if (hasGlobalProvider()) {
      if (settings.mcpcat) tell(howToAdd)
      return
    }
    const provider = createProvider(settings, protocolName(instance))
    if (provider) flushAtExit(() => provider.forceFlush())
  } catch (error) {
    tell(`no spans will be exported: ${String(error)}`)
  }
}

const howToAdd =
  'this process has a TracerProvider of its own, which gets the MCP spans; to send them to MCPcat as well, ' +
  'add `new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint }))` from @mcpcat/exporter to its spanProcessors'

function hasGlobalProvider(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('mcpcat') !== undefined
}
