import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { doctorReportVariable, readSettings } from '@mcpcat/register/doctor'
import type { DoctorLine } from '@mcpcat/register/doctor'
import { converse } from './conversation.js'
import { diagnose } from './diagnosis.js'
import { watchEndpoints } from './endpoints.js'
import { printFindings } from './print-findings.js'

export interface DoctorOptions {
  /** Default: stdout. */
  readonly write?: (text: string) => void
  /** Default: on a terminal, unless `NO_COLOR` is set. */
  readonly color?: boolean
}

/**
 * Starts an MCP server under instrumentation, talks to it, and says what was hooked, whether spans left
 * and arrived, and why not.
 *
 * @param command The server's own command, such as `['node', 'server.js']`. It gets this process's environment.
 * @returns The exit code: 0 when spans arrive wherever the environment sends them, else 1.
 */
export async function runDoctor(command: readonly string[], options: DoctorOptions = {}): Promise<number> {
  const write = options.write ?? ((text: string) => void process.stdout.write(text))
  const color = options.color ?? (process.stdout.isTTY && !process.env['NO_COLOR'])
  const settings = readSettings(process.env)
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-doctor-'))
  const reportFile = join(folder, 'report.jsonl')
  const watched = await watchEndpoints(settings, process.env)
  try {
    const conversation = await converse(command, {
      ...process.env,
      ...watched.variables,
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --require ${JSON.stringify(registerFile())}`.trim(),
      [doctorReportVariable]: reportFile,
      // What the doctor's own call brings to light is nobody's business.
      MCPCAT_CAPTURE_CONTENT: 'none',
    })
    const { endpoints } = watched
    const findings = diagnose({ settings, reports: await readReports(reportFile), conversation, endpoints })
    write(printFindings(findings, color))
    return findings.some(({ level }) => level === 'bad') ? 1 : 0
  } finally {
    await watched.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What `--require @mcpcat/register` loads. */
function registerFile(): string {
  return createRequire(import.meta.url).resolve('@mcpcat/register')
}

async function readReports(file: string): Promise<DoctorLine[]> {
  // No file: no instrumented process was started.
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as DoctorLine]
    } catch {
      // Empty, or cut off when the process died.
      return []
    }
  })
}
