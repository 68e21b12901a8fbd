import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { checkLean, checkSpan } from '../conventions/check-span.js'
import type { ReceivedSpan } from '../harness/otlp-messages.js'
import { startSink } from '../harness/otlp-sink.js'
import { requireRegister } from '../harness/preload.js'
import type { ThirdPartyServer } from './servers.js'

/** What a server was, hooked without knowing it. */
export interface Finding {
  readonly name: string
  readonly version: string
  readonly tools: number
  /** Tools whose schema got the `context` argument. */
  readonly asking: number
  readonly spans: number
  /** Spans that the server made by itself. */
  readonly otherSpans: number
  /** What is wrong; empty when nothing is. */
  readonly faults: readonly string[]
}

const intent = 'Trying what this server does'

/** Talks to a server bare and instrumented, and compares. */
export async function probe(server: ThirdPartyServer, modules: string): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-third-party-'))
  const sink = await startSink()
  try {
    const bare = await converse(server, modules, folder, [], {})
    const seen = await converse(server, modules, folder, requireRegister, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url })
    const own = seen.tools.filter((name) => name !== 'get_more_tools')
    // Some servers make spans of their own once there is a TracerProvider; those of MCP requests take the place of ours.
    const spans = sink.spans.filter(
      ({ scope, attributes }) => scope === '@mcpcat/instrumentation-mcp' || 'mcpcat.connection.id' in attributes,
    )
    return {
      ...seen.server,
      tools: bare.tools.length,
      asking: seen.asking,
      spans: spans.length,
      otherSpans: sink.spans.length - spans.length,
      faults: [
        ...(isDeepStrictEqual(own, bare.tools) ? [] : [`tools are ${own.join()} instead of ${bare.tools.join()}`]),
        ...(sameOutcome(seen.outcome, bare.outcome) ? [] : [`answer is ${seen.outcome} instead of ${bare.outcome}`]),
        ...spanFaults(spans, server.call.tool),
      ],
    }
  } finally {
    await sink.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Conversation {
  server: { name: string; version: string }
  tools: string[]
  asking: number
  outcome: string
}

async function converse(
  { file, args = [], env = {}, call }: ThirdPartyServer,
  modules: string,
  folder: string,
  preload: readonly string[],
  telemetry: Record<string, string>,
): Promise<Conversation> {
  const inFolder = (text: string): string => text.replaceAll('{folder}', folder)
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...preload, join(modules, file), ...args.map(inFolder)],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, inFolder(value)])),
      ...telemetry,
    },
    stderr: 'ignore',
    cwd: folder,
  })
  const client = new Client({ name: 'third-party', version: '1.0.0' })
  await client.connect(transport)
  try {
    const { tools } = await client.listTools()
    const asking = tools.filter(({ inputSchema }) => inputSchema.required?.includes('context'))
    const asksForContext = asking.some(({ name }) => name === call.tool)
    const values = Object.entries(call.arguments).map(([key, value]) => [
      key,
      typeof value === 'string' ? inFolder(value) : value,
    ])
    const outcome = await client
      .callTool({
        name: call.tool,
        arguments: { ...Object.fromEntries(values), ...(asksForContext && { context: intent }) },
      })
      .then((result) => JSON.stringify(result), String)
    const { name = '', version = '' } = client.getServerVersion() ?? {}
    const own = asking.filter((tool) => tool.name !== 'get_more_tools')
    return { server: { name, version }, tools: tools.map((tool) => tool.name), asking: own.length, outcome }
  } finally {
    await client.close()
  }
}

function sameOutcome(one: string, other: string): boolean {
  return withoutNumbers(one) === withoutNumbers(other)
}

/** Answers may hold times and process ids. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+(\.\d+)?/g, '#')
}

function spanFaults(spans: readonly ReceivedSpan[], tool: string): string[] {
  const faults = spans.flatMap((span) =>
    [...checkSpan(span), ...checkLean(span)].map((fault) => `${span.name}: ${fault}`),
  )
  for (const name of ['initialize', 'notifications/initialized', 'tools/list', `tools/call ${tool}`]) {
    if (spans.filter((span) => span.name === name).length !== 1) faults.push(`not one span ${name}`)
  }
  const call = spans.find((span) => span.name === `tools/call ${tool}`)
  if (call?.attributes['mcpcat.intent'] !== intent) faults.push('the intent is missing')
  return faults
}
