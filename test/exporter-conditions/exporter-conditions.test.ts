import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startSink } from '../harness/otlp-sink.js'
import type { Behaviour } from '../harness/otlp-sink.js'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'
import type { ProcessEnd } from '../harness/stdio-process.js'
import { withoutInjections } from '../harness/transcript.js'

const require = createRequire(import.meta.url)
const everything = join(
  dirname(require.resolve('@modelcontextprotocol/server-everything/package.json')),
  'dist',
  'index.js',
)
const subjects = [
  { server: 'SDK v1', args: [everything, 'stdio'], tool: 'echo', good: { message: 'hello' }, bad: { message: 7 } },
  {
    server: 'SDK v2',
    args: [join(import.meta.dirname, '..', 'end-to-end', 'servers', 'inventory-v2.mjs')],
    tool: 'check_stock',
    good: { article: 'pear' },
    bad: { article: 'ghost' },
  },
]

/** How the endpoint is; `undefined` is a port that nobody listens on. */
const conditions: { condition: string; behaviour: Behaviour | undefined }[] = [
  { condition: 'up', behaviour: { status: 200 } },
  { condition: 'down', behaviour: undefined },
  { condition: 'hanging', behaviour: 'hang' },
  { condition: 'slow', behaviour: { delayMillis: 700 } },
  { condition: 'answering 500', behaviour: { status: 500 } },
  { condition: 'answering 503', behaviour: { status: 503 } },
]

/** What an MCP client gives a server to end after it has closed its stdin, before it kills it. */
const patienceMillis = 4000

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

describe.each(subjects)('$server over stdio', ({ args, tool, good, bad }) => {
  let bare: Conversation
  beforeAll(async () => {
    bare = await converse([], {})
  })

  it.each(conditions)('does and says the same with both endpoints $condition', async ({ behaviour }) => {
    const url = behaviour ? await sinkUrl(behaviour) : await deadUrl()
    const instrumented = await converse(requireRegister, { MCPCAT_ENDPOINT: url, OTEL_EXPORTER_OTLP_ENDPOINT: url })
    expect(instrumented.answers).toEqual(bare.answers)
    expect(instrumented.stderr).toBe(bare.stderr)
    expect(instrumented.end).toEqual({ code: 0, signal: null })
  })

  async function converse(preload: readonly string[], env: Record<string, string>): Promise<Conversation> {
    const server = startStdio({ args: [...preload, ...args], env })
    await server.initialize()
    await server.request('tools/list')
    await server.callTool(tool, good)
    await server.callTool(tool, bad)
    await server.callTool('no-such-tool', {})
    await server.request('ping')
    await server.request('no/such/method', {})
    server.endStdin()
    const killer = setTimeout(() => server.kill('SIGKILL'), patienceMillis)
    const end = await server.ended
    clearTimeout(killer)
    return { answers: withoutInjections(server.lines), stderr: server.stderr(), end }
  }
})

interface Conversation {
  answers: unknown[]
  stderr: string
  end: ProcessEnd
}

async function sinkUrl(behaviour: Behaviour): Promise<string> {
  const sink = await startSink(behaviour)
  cleanups.push(() => sink.close())
  return sink.url
}

/** A port that was free a moment ago. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
