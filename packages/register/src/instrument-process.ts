import { diag } from '@opentelemetry/api'
import { McpInstrumentation } from '@mcpcat/instrumentation-mcp'
import { loaderState } from '@mcpcat/instrumentation-mcp/loading'
import { logToStderr } from './diagnostics.js'
import type { DoctorReport } from './doctor/report.js'
import { readSettings } from './environment/settings.js'
import { describeProtocol } from './first-protocol.js'
import { provideTracing } from './provide-tracing.js'
import { tell } from './stderr.js'

/** Instruments every MCP server and client of the process, `first` being the first that is constructed. */
export function instrumentProcess(first: object, report?: DoctorReport): void {
  const settings = readSettings(process.env)
  for (const problem of settings.problems) tell(problem)
  if (settings.logLevel !== undefined) logToStderr(settings.logLevel)
  for (const failure of loaderState()?.failures ?? []) diag.warn('mcpcat: a module loader hook is missing', failure)
  new McpInstrumentation(settings.instrumentation).enable()
  // Its constructor is still running; soon it knows its name. By then every preload has run, and it
  // cannot have sent or received anything.
  queueMicrotask(() => {
    const protocol = describeProtocol(first)
    report?.({ event: 'protocol', ...protocol })
    provideTracing(settings, protocol.name, report)
  })
}
