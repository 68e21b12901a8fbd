import { isDeepStrictEqual } from 'node:util'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { checkSpan } from '../conventions/check-span.js'
import type { ReceivedSpan } from '../harness/otlp-messages.js'
import { startSink } from '../harness/otlp-sink.js'
import { registerFile, registerUrl } from '../harness/preload.js'

export const loadings = ['--require', '--import', 'NODE_OPTIONS'] as const
export type Loading = (typeof loadings)[number]

/** One server file on one Node, and how the instrumentation gets in. */
export interface Cell {
  readonly node: string
  readonly script: string
  readonly loading: Loading
  /** Whether the SDK lets the error that a tool threw be seen; before 1.11 it does not. */
  readonly seesThrownErrors: boolean
}

/** What a client saw of a server. */
export interface Seen {
  readonly tools: unknown
  readonly added: unknown
  readonly failed: unknown
  /** Everything on stderr. */
  readonly stderr: string
}

const intent = 'Adding two numbers for the matrix'

/** What the client sees when the server runs by itself. */
export function seeBare(node: string, script: string): Promise<Seen> {
  return converse(node, [script], {})
}

/** Runs the cell; answers what is wrong with it, nothing when it is right. */
export async function findFaults({ node, script, loading, seesThrownErrors }: Cell, bare: Seen): Promise<string[]> {
  const sink = await startSink()
  try {
    const seen = await converse(node, [...flags[loading], script], {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      ...(loading === 'NODE_OPTIONS' && { NODE_OPTIONS: `--require ${registerFile}` }),
    })
    return [...differences(seen, bare), ...spanFaults(sink.spans, seesThrownErrors)]
  } catch (error) {
    return [String(error)]
  } finally {
    await sink.close()
  }
}

const flags: Readonly<Record<Loading, readonly string[]>> = {
  '--require': ['--require', registerFile],
  '--import': ['--import', registerUrl],
  NODE_OPTIONS: [],
}

async function converse(node: string, args: string[], env: Record<string, string>): Promise<Seen> {
  const transport = new StdioClientTransport({
    command: node,
    args,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stderr: 'pipe',
  })
  let stderr = ''
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const client = new Client({ name: 'matrix', version: '1.0.0' })
  await client.connect(transport)
  try {
    const { tools } = await client.listTools()
    // As an agent does: it fills in what the schema asks for.
    const context = tools[0]?.inputSchema.properties?.['context'] ? { context: intent } : {}
    const added = await client.callTool({ name: 'add', arguments: { a: 2, b: 3, ...context } })
    const failed = await client.callTool({ name: 'fail', arguments: context }).catch(String)
    return {
      tools: tools.filter(({ name }) => name !== 'get_more_tools').map(({ name }) => name),
      added,
      failed,
      stderr,
    }
  } finally {
    await client.close()
  }
}

function differences(seen: Seen, bare: Seen): string[] {
  const keys = ['tools', 'added', 'failed', 'stderr'] as const
  return keys
    .filter((key) => !isDeepStrictEqual(seen[key], bare[key]))
    .map((key) => `${key}: ${JSON.stringify(seen[key])} instead of ${JSON.stringify(bare[key])}`)
}

function spanFaults(spans: readonly ReceivedSpan[], seesThrownErrors: boolean): string[] {
  const faults = spans.flatMap((span) => checkSpan(span).map((fault) => `${span.name}: ${fault}`))
  const names = spans.map(({ name }) => name)
  for (const name of ['initialize', 'tools/list', 'tools/call add', 'tools/call fail']) {
    const count = names.filter((other) => other === name).length
    if (count !== 1) faults.push(`${count} spans named ${name}`)
  }
  const add = spans.find(({ name }) => name === 'tools/call add')
  if (add?.attributes['mcpcat.intent'] !== intent) faults.push('the intent is missing')
  const fail = spans.find(({ name }) => name === 'tools/call fail')
  if (fail?.attributes['error.type'] !== 'tool_error') faults.push('the error type is missing')
  const exception = fail?.events.find(({ name }) => name === 'exception')
  if (seesThrownErrors && exception?.attributes['exception.type'] !== 'TypeError')
    faults.push('the original error is missing')
  return faults
}
