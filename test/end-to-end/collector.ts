import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
export const cli: string = join(dirname(require.resolve('@mcpcat/cli/package.json')), 'bin', 'mcpcat.js')
export const repository: string = join(dirname(cli), '..', '..', '..')

export interface RunningCollector {
  /** Base URL of the OTLP/HTTP receiver. */
  readonly otlp: string
  /** Base URL of dashboard and query API. */
  readonly dashboard: string
  readonly folder: string
  readonly pid: number
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>
}

interface Ready {
  type: 'ready'
  otlpHttp: string
  dashboard: string
}

/** The collector as users run it, on free ports and a data folder of its own; `settings` as in `--set`. */
export async function startCollector(...settings: string[]): Promise<RunningCollector> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-e2e-'))
  const child = spawn(
    process.execPath,
    [
      cli,
      'collector',
      '--config',
      join(repository, 'otel-collector.yaml'),
      '--set',
      'extensions.dashboard.endpoint=127.0.0.1:0',
      '--set',
      'receivers.otlp.protocols.http.endpoint=127.0.0.1:0',
      ...settings.flatMap((setting) => ['--set', setting]),
    ],
    { env: { ...process.env, MCPCAT_DATA_DIR: folder }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  )
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exited = once(child, 'exit')
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as Ready),
    exited.then(([code]) => {
      throw new Error(`The collector ended with ${String(code)} before it was ready:\n${said}`)
    }),
  ])
  return {
    otlp: ready.otlpHttp,
    dashboard: ready.dashboard,
    folder,
    pid: child.pid!,
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = await exited
      await rm(folder, { recursive: true, force: true })
      return code as number | null
    },
  }
}

/** Asks until the answer satisfies, or fails with the last one after the deadline. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  satisfied: (answer: Answer) => boolean,
  deadlineMs = 20_000,
): Promise<Answer> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (satisfied(answer)) return answer
    if (Date.now() > end) throw new Error(`Not within ${deadlineMs} ms; the last answer was ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export async function getJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Body
}
