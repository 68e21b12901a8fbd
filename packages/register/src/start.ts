import { McpInstrumentation } from '@mcpcat/instrumentation-mcp'
import { installLoader, isHooksThread } from '@mcpcat/instrumentation-mcp/loading'
import { logToStderr } from './diagnostics.js'
import { doctorReport } from './doctor/report.js'
import { describeProtocol, onFirstProtocol } from './first-protocol.js'
import { provideTracing } from './provide-tracing.js'
import { readSettings } from './environment/settings.js'
import { tell } from './stderr.js'

const startedKey = Symbol.for('mcpcat.register.v1')

/**
 * Instruments this process as its environment asks. Once, however often and by whichever copy it is
 * called; and whatever goes wrong, the process goes on as if it had not been called.
 */
export function start(): void {
  const holder = globalThis as { [startedKey]?: true }
  if (holder[startedKey] || isHooksThread()) return
  holder[startedKey] = true
  try {
    instrumentProcess()
  } catch (error) {
    tell(`not instrumented: ${String(error)}`)
  }
}

function instrumentProcess(): void {
  const settings = readSettings(process.env)
  for (const problem of settings.problems) tell(problem)
  const report = doctorReport(process.env)
  if (settings.disabled) {
    report?.({ event: 'started', node: process.versions.node, loader: 'none', disabled: true })
    return
  }
  if (settings.logLevel !== undefined) logToStderr(settings.logLevel)
  const { mode } = installLoader(report && ((file) => report({ event: 'source', file })))
  report?.({ event: 'started', node: process.versions.node, loader: mode, disabled: false })
  new McpInstrumentation(settings.instrumentation).enable()
  onFirstProtocol((instance) => {
    const protocol = describeProtocol(instance)
    report?.({ event: 'protocol', ...protocol })
    provideTracing(settings, protocol.name, report)
  })
}
