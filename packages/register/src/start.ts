import { createRequire } from 'node:module'
import { installLoader, isHooksThread } from '@mcpcat/instrumentation-mcp/loading'
import { doctorReport } from './doctor/report.js'
import { onFirstProtocol } from './first-protocol.js'
import type * as instrumentProcess from './instrument-process.js'
import { tell } from './stderr.js'

const startedKey = Symbol.for('mcpcat.register.v1')
const require = createRequire(import.meta.url)

/**
 * Instruments this process as its environment asks, as soon as it turns out to have an MCP server or
 * client: a process without one loads little more than this file. Once, however often and by whichever
 * copy it is called; and whatever goes wrong, the process goes on as if it had not been called.
 */
export function start(): void {
  const holder = globalThis as { [startedKey]?: true }
  if (holder[startedKey] || isHooksThread()) return
  holder[startedKey] = true
  attempt(watchForMcp)
}

function watchForMcp(): void {
  const disabled = process.env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true'
  const report = doctorReport(process.env)
  const node = process.versions.node
  if (disabled) return report?.({ event: 'started', node, loader: 'none', disabled })
  const { mode } = installLoader((file) => {
    report?.({ event: 'source', file })
    // Between the start of the application and its first request, so that neither waits for it.
    setImmediate(() => attempt(load)).unref()
  })
  report?.({ event: 'started', node, loader: mode, disabled })
  // Later, each of its modules would take the way through the hooks' thread.
  if (mode === 'thread') load()
  onFirstProtocol((instance) => attempt(() => load().instrumentProcess(instance, report)))
}

/** Everything that instruments: OpenTelemetry and what stands on it. */
function load(): typeof instrumentProcess {
  return require('./instrument-process.js') as typeof instrumentProcess
}

function attempt(step: () => unknown): void {
  try {
    step()
  } catch (error) {
    tell(`not instrumented: ${String(error)}`)
  }
}
