import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runDoctor } from './run-doctor.js'

const require = createRequire(import.meta.url)
const everything = join(
  dirname(require.resolve('@modelcontextprotocol/server-everything/package.json')),
  'dist',
  'index.js',
)

let collector: Server
let url: string
let status: number
beforeEach(async () => {
  status = 200
  collector = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(status).end())
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  vi.stubEnv('OTEL_TRACES_EXPORTER', undefined)
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', undefined)
  vi.stubEnv('MCPCAT_ENDPOINT', url)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  collector.closeAllConnections()
  await new Promise((resolve) => collector.close(resolve))
})

describe('mcpcat doctor', () => {
  it('says what was hooked and that the spans arrived', async () => {
    const { code, said } = await examine([process.execPath, everything, 'stdio'])
    expect(said).toContain('✓ mcp-servers/everything')
    expect(said).toMatch(/✓ @mcpcat\/register was loaded in Node \d+/)
    expect(said).toMatch(/✓ Hooked MCP SDK v1: @modelcontextprotocol\/sdk \d/)
    expect(said).toContain('13 of 13 tools ask for the intent')
    expect(said).toMatch(/✓ \d+ spans made: initialize, .*tools\/call/)
    expect(said).toContain(`✓ MCPcat collector ${url} took the spans.`)
    expect(code).toBe(0)
  })

  it('says that an endpoint refuses, and why', async () => {
    status = 401
    const { code, said } = await examine([process.execPath, everything, 'stdio'])
    expect(said).toContain(`✗ MCPcat collector ${url} answered 401.`)
    expect(said).toContain('Check MCPCAT_API_KEY')
    expect(code).toBe(1)
  })

  it('says that nobody listens', async () => {
    await new Promise((resolve) => collector.close(resolve))
    const { code, said } = await examine([process.execPath, everything, 'stdio'])
    expect(said).toContain(`✗ MCPcat collector ${url} could not be reached: nobody listens there.`)
    expect(code).toBe(1)
  })

  it('says that instrumentation is switched off', async () => {
    vi.stubEnv('OTEL_SDK_DISABLED', 'true')
    const { code, said } = await examine([process.execPath, everything, 'stdio'])
    expect(said).toContain('✗ OTEL_SDK_DISABLED is true')
    expect(code).toBe(1)
  })

  it('names the variable that is wrong', async () => {
    vi.stubEnv('MCPCAT_ENDPOINT', 'collector')
    const { code, said } = await examine([process.execPath, everything, 'stdio'])
    expect(said).toContain('✗ MCPCAT_ENDPOINT=collector is not an http(s) URL')
    expect(code).toBe(1)
  })

  it.each([
    {
      what: 'a server without an MCP SDK',
      source:
        'process.stdin.on("data", (d) => { for (const l of String(d).trim().split("\\n")) { const { id } = JSON.parse(l); if (id) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: { serverInfo: { name: "own" } } })) } })',
      says: '✗ No MCP SDK was recognised',
    },
    {
      what: 'a server that dies',
      source: 'console.error("no disk"); process.exit(3)',
      says: '✗ The server ended (exit code 3)',
    },
    {
      what: 'a server that logs to stdout',
      source: 'console.log("ready!"); process.exit()',
      says: 'no JSON-RPC: "ready!"',
    },
  ])(
    'recognises $what',
    async ({ source, says }) => {
      const folder = await mkdtemp(join(tmpdir(), 'mcpcat-doctor-test-'))
      try {
        const file = join(folder, 'server.mjs')
        await writeFile(file, source)
        const { code, said } = await examine([process.execPath, file])
        expect(said).toContain(says)
        expect(code).toBe(1)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    60_000,
  )

  it('says that the command does not exist', async () => {
    const { code, said } = await examine(['no-such-command-anywhere'])
    expect(said).toContain('✗ The command could not be started: spawn no-such-command-anywhere ENOENT.')
    expect(code).toBe(1)
  })
})

async function examine(command: string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const code = await runDoctor(command, { write: (text) => (said += text), color: false })
  return { code, said }
}
