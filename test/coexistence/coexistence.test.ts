import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startSink } from '../harness/otlp-sink.js'
import type { OtlpSink } from '../harness/otlp-sink.js'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'

const require = createRequire(import.meta.url)
const here = import.meta.dirname
const everything = [
  join(dirname(require.resolve('@modelcontextprotocol/server-everything/package.json')), 'dist', 'index.js'),
  'stdio',
]
const nodeSdk = ['--require', join(here, 'preloads', 'node-sdk.cjs')]
const nodeSdkWithMcp = ['--import', join(here, 'preloads', 'node-sdk-with-mcp.mjs')]
const nodeSdkWithMcpcat = ['--import', join(here, 'preloads', 'node-sdk-with-mcpcat.mjs')]

const hint = /^mcpcat: this process has its own TracerProvider.*McpcatSpanProcessor.*@mcpcat\/exporter$/m

let team: OtlpSink
let mcpcat: OtlpSink
beforeEach(async () => {
  team = await startSink()
  mcpcat = await startSink()
})
afterEach(async () => {
  await team.close()
  await mcpcat.close()
})

describe('beside a TracerProvider of the team', () => {
  it.each([
    { order: 'NodeSDK before us', args: [...nodeSdk, ...requireRegister, ...everything] },
    { order: 'NodeSDK after us', args: [...requireRegister, ...nodeSdk, ...everything] },
    { order: 'NodeSDK inside the server', args: [...requireRegister, join(here, 'servers', 'own-provider.mjs')] },
    { order: 'NodeSDK with McpInstrumentation, and us', args: [...nodeSdkWithMcp, ...requireRegister, ...everything] },
  ])('$order: the spans go there, once, and one line says how to reach MCPcat', async ({ args }) => {
    const { stderr } = await converse(args)
    expect(callsAt(team)).toEqual(['tools/call echo'])
    expect(team.spans.every(({ resource }) => resource['service.name'] === 'the-team')).toBe(true)
    expect(mcpcat.spans).toEqual([])
    expect(stderr).toMatch(hint)
    expect(stderr.match(/^mcpcat: /gm)).toHaveLength(1)
  })

  it('McpInstrumentation in its list is enough, without us', async () => {
    const { stderr } = await converse([...nodeSdkWithMcp, ...everything])
    expect(callsAt(team)).toEqual(['tools/call echo'])
    expect(stderr).not.toContain('mcpcat')
  })

  it('McpcatSpanProcessor beside its own: content goes to MCPcat alone', async () => {
    await converse([...nodeSdkWithMcpcat, ...everything])
    expect(callsAt(team)).toEqual(['tools/call echo'])
    expect(callsAt(mcpcat)).toEqual(['tools/call echo'])
    expect(argumentsAt(team)).toBeUndefined()
    expect(argumentsAt(mcpcat)).toBe('{"message":"hello"}')
  })
})

describe('without one', () => {
  it('both ways out are taken, content on one alone', async () => {
    await converse([...requireRegister, ...everything])
    expect(callsAt(team)).toEqual(['tools/call echo'])
    expect(callsAt(mcpcat)).toEqual(['tools/call echo'])
    expect(team.spans[0]?.resource['service.name']).toBe('mcp-servers/everything')
    expect(argumentsAt(team)).toBeUndefined()
    expect(argumentsAt(mcpcat)).toBe('{"message":"hello"}')
  })

  it('loaded twice is loaded once', async () => {
    await converse([...requireRegister, ...requireRegister, ...everything], { NODE_OPTIONS: requireRegister.join(' ') })
    expect(callsAt(team)).toEqual(['tools/call echo'])
  })

  it('OTEL_SERVICE_NAME wins over the server’s own name', async () => {
    await converse([...requireRegister, ...everything], { OTEL_SERVICE_NAME: 'chosen' })
    expect(team.spans[0]?.resource['service.name']).toBe('chosen')
  })

  it('OTEL_SDK_DISABLED leaves the server as it is', async () => {
    const { tools } = await converse([...requireRegister, ...everything], { OTEL_SDK_DISABLED: 'true' })
    expect([...team.spans, ...mcpcat.spans]).toEqual([])
    expect(JSON.stringify(tools)).not.toContain('"context"')
  })

  it('OTEL_TRACES_EXPORTER=none leaves MCPcat’s way alone', async () => {
    await converse([...requireRegister, ...everything], { OTEL_TRACES_EXPORTER: 'none' })
    expect(team.spans).toEqual([])
    expect(callsAt(mcpcat)).toEqual(['tools/call echo'])
  })

  it('says in one line each what it does not understand', async () => {
    const { stderr } = await converse([...requireRegister, ...everything], {
      MCPCAT_CONTEXT: 'maybe',
      OTEL_PROPAGATORS: 'b3,tracecontext',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    })
    const lines = stderr.split('\n').filter((line) => line.startsWith('mcpcat: '))
    expect(lines).toHaveLength(3)
    expect(lines.join()).toMatch(/OTEL_EXPORTER_OTLP_PROTOCOL=grpc.*OTEL_PROPAGATORS: b3.*MCPCAT_CONTEXT=maybe/)
  })
})

function callsAt(sink: OtlpSink): string[] {
  return sink.spans.map(({ name }) => name).filter((name) => name.startsWith('tools/call'))
}

function argumentsAt(sink: OtlpSink): unknown {
  return sink.spans.find(({ name }) => name === 'tools/call echo')?.attributes['gen_ai.tool.call.arguments']
}

async function converse(args: string[], env: Record<string, string> = {}): Promise<{ stderr: string; tools: unknown }> {
  const server = startStdio({
    args,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: team.url, MCPCAT_ENDPOINT: mcpcat.url, ...env },
  })
  await server.initialize()
  const tools = await server.request('tools/list')
  await server.callTool('echo', { message: 'hello' })
  server.endStdin()
  expect((await server.ended).code).toBe(0)
  return { stderr: server.stderr(), tools: tools.result }
}
