import { appendFileSync } from 'node:fs'
import type { LoaderMode } from '@mcpcat/instrumentation-mcp/loading'
import type { Environment } from '../environment/environment-reader.js'

/** What `mcpcat doctor` is told of an instrumented process, in the order in which it happens. */
export type DoctorEvent =
  | { event: 'started'; node: string; loader: LoaderMode; disabled: boolean }
  /** A source that contains an MCP SDK was loaded; path or URL. */
  | { event: 'source'; file: string }
  /** The first MCP server or client was constructed. */
  | { event: 'protocol'; name: string | undefined; role: 'server' | 'client'; sdk: 'v1' | 'v2' }
  /** Whose TracerProvider gets the spans. */
  | { event: 'provider'; provider: 'own' | 'other' }
  | { event: 'span'; name: string }

export type DoctorLine = DoctorEvent & { pid: number }

export type DoctorReport = (event: DoctorEvent) => void

/** The variable that names the file to report to, one JSON object a line. */
export const doctorReportVariable = 'MCPCAT_DOCTOR_REPORT'

/** Undefined when nobody asks, as always but under `mcpcat doctor`. */
export function doctorReport(environment: Environment): DoctorReport | undefined {
  const file = environment[doctorReportVariable]
  if (!file) return undefined
  return (event) => {
    const line: DoctorLine = { ...event, pid: process.pid }
    try {
      // At once: the process may be about to die of what the doctor wants to know.
      appendFileSync(file, `${JSON.stringify(line)}\n`)
    } catch {
      // The doctor has gone.
    }
  }
}
