import { diag, DiagLogLevel, ProxyTracerProvider, trace } from '@opentelemetry/api'
import type { DoctorReport } from './doctor/report.js'
import type { Settings } from './environment/settings.js'
import { tell } from './stderr.js'
import { startTracing } from './tracing.js'

/** Gives the MCP spans a TracerProvider: the one that the process has already, or one of our own. Never throws. */
export function provideTracing(settings: Settings, serverName: string | undefined, report?: DoctorReport): void {
  try {
    const hasOther = hasGlobalProvider()
    report?.({ event: 'provider', provider: hasOther ? 'other' : 'own' })
    if (!hasOther) startTracing(settings, serverName, report)
    else if (settings.logLevel !== DiagLogLevel.NONE) tell(howToAdd)
  } catch (error) {
    tell(`no spans will be exported: ${String(error)}`)
    diag.error('mcpcat: no spans will be exported', error)
  }
}

const howToAdd =
  'this process has its own TracerProvider, and the MCP spans go there. To send them to MCPcat as well, give it ' +
  '`new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint }))` from @mcpcat/exporter'

function hasGlobalProvider(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('@mcpcat/register') !== undefined
}
