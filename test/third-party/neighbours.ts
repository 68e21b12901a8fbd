import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { startSink } from '../harness/otlp-sink.js'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'
import type { ProcessEnd } from '../harness/stdio-process.js'
import { withoutInjections } from '../harness/transcript.js'

/** Another telemetry package that is preloaded into the same process. */
export interface Neighbour {
  /** What is installed, the first being what it is named after. */
  readonly packages: readonly string[]
  /** Its preload, as CommonJS. */
  readonly preload: string
  readonly env?: Readonly<Record<string, string>>
}

export const neighbours: readonly Neighbour[] = [
  {
    packages: ['@opentelemetry/auto-instrumentations-node', '@opentelemetry/api'],
    preload: `require('@opentelemetry/auto-instrumentations-node/register')`,
    env: { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  },
  {
    packages: ['@sentry/node'],
    preload: `require('@sentry/node').init({ dsn: 'http://key@127.0.0.1:9/1', tracesSampleRate: 1 })`,
  },
  {
    packages: ['dd-trace'],
    preload: `require('dd-trace').init({ startupLogs: false })`,
    env: { DD_TRACE_AGENT_URL: 'http://127.0.0.1:9', DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false' },
  },
]

/** What came of one order of the two preloads. */
export interface NeighbourFinding {
  /** Whose TracerProvider got the spans. */
  readonly provider: 'ours' | 'theirs'
  /** Calls of the tool that arrived over OTLP where the environment says. */
  readonly delivered: number
  /** What is wrong; empty when nothing is. */
  readonly faults: readonly string[]
}

/** Runs a server with the neighbour alone, then with us before or after it. */
export async function probeNeighbour(
  neighbour: Neighbour,
  folder: string,
  everything: string,
  order: 'before' | 'after',
): Promise<NeighbourFinding> {
  const scratch = await mkdtemp(join(tmpdir(), 'mcpcat-neighbour-'))
  const sink = await startSink()
  try {
    // Beside its packages, so that it finds them.
    const file = join(folder, 'preload.cjs')
    await writeFile(file, `${neighbour.preload}\n`)
    const theirs = ['--require', file]
    const both = order === 'before' ? [...requireRegister, ...theirs] : [...theirs, ...requireRegister]
    const env = { ...neighbour.env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, HOME: scratch }
    const alone = await converse([...theirs, everything, 'stdio'], env)
    const before = sink.spans.length
    const together = await converse([...both, everything, 'stdio'], env)
    const ours = sink.spans.slice(before).filter(({ scope }) => scope === '@mcpcat/instrumentation-mcp')
    return {
      provider: together.stderr.includes('has its own TracerProvider') ? 'theirs' : 'ours',
      delivered: ours.filter(({ name }) => name === 'tools/call echo').length,
      faults: [
        ...(isDeepStrictEqual(together.answers, alone.answers) ? [] : ['the server answers differently']),
        ...(isDeepStrictEqual(together.end, alone.end) ? [] : [`the server ends with ${JSON.stringify(together.end)}`]),
      ],
    }
  } finally {
    await sink.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

interface Conversation {
  readonly answers: unknown[]
  readonly end: ProcessEnd
  readonly stderr: string
}

async function converse(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Conversation> {
  const server = startStdio({ args, env })
  await server.initialize()
  await server.request('tools/list')
  await server.callTool('echo', { message: 'hello' })
  await server.callTool('echo', { message: 7 })
  server.endStdin()
  const patience = setTimeout(() => server.kill('SIGTERM'), 8000)
  const end = await server.ended
  clearTimeout(patience)
  return { answers: withoutInjections(server.lines), end, stderr: server.stderr() }
}
