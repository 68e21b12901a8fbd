import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkLean, checkSpan } from '../conventions/check-span.js'
import { startSink } from '../harness/otlp-sink.js'
import { registerFile } from '../harness/preload.js'

const run = promisify(execFile)

interface ServerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A command-line client from npm, and how it calls the tool `echo` of a stdio server. */
export interface ThirdPartyClient {
  readonly package: string
  /** The JavaScript file that its command runs, below `node_modules`. */
  readonly file: string
  /** Its arguments; files that it needs go into the folder. */
  readonly args: (server: ServerCommand, folder: string) => Promise<readonly string[]>
}

export const thirdPartyClients: readonly ThirdPartyClient[] = [
  {
    package: '@modelcontextprotocol/inspector',
    file: '@modelcontextprotocol/inspector/cli/build/cli.js',
    args: async ({ command, args, env }) => [
      '--cli',
      ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      command,
      ...args,
      '--method',
      'tools/call',
      '--tool-name',
      'echo',
      '--tool-arg',
      'message=hello',
    ],
  },
  {
    package: '@wong2/mcp-cli',
    file: '@wong2/mcp-cli/src/cli.js',
    args: async (server, folder) => {
      const config = join(folder, 'config.json')
      await writeFile(config, JSON.stringify({ mcpServers: { everything: server } }))
      return ['--config', config, 'call-tool', 'everything:echo', '--args', '{"message":"hello"}']
    },
  },
]

/** What was seen of both ends of a conversation. */
export interface ClientFinding {
  readonly clientSpans: number
  readonly serverSpans: number
  /** Whether the server's span of the call is below the client's. */
  readonly sameTrace: boolean
  /** What is wrong; empty when nothing is. */
  readonly faults: readonly string[]
}

/** Runs a client against a server, both instrumented and neither knowing it. */
export async function probeClient(
  client: ThirdPartyClient,
  modules: string,
  everything: string,
): Promise<ClientFinding> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-third-party-'))
  const sink = await startSink()
  try {
    const telemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, NODE_OPTIONS: `--require ${registerFile}` }
    const server = { command: process.execPath, args: [everything, 'stdio'], env: telemetry }
    const { stdout } = await run(
      process.execPath,
      [join(modules, client.file), ...(await client.args(server, folder))],
      {
        env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...telemetry },
        timeout: 60_000,
      },
    )
    const calls = sink.spans.filter(({ name }) => name === 'tools/call echo')
    const sent = calls.find(({ kind }) => kind === 2)
    const served = calls.find(({ kind }) => kind === 1)
    return {
      clientSpans: sink.spans.filter(({ kind }) => kind === 2).length,
      serverSpans: sink.spans.filter(({ kind }) => kind === 1).length,
      sameTrace: sent !== undefined && served?.parentSpanId === sent.spanId,
      faults: [
        ...(stdout.includes('hello') ? [] : [`the client printed ${stdout}`]),
        ...(sent ? [] : ['no CLIENT span of the call']),
        ...(served ? [] : ['no SERVER span of the call']),
        ...sink.spans.flatMap((span) =>
          [...checkSpan(span), ...checkLean(span)].map((fault) => `${span.name}: ${fault}`),
        ),
      ],
    }
  } finally {
    await sink.close()
    await rm(folder, { recursive: true, force: true })
  }
}
