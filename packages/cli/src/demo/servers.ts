import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { once } from 'node:events'

const require = createRequire(import.meta.url)

/** Instruments a server as any user does: `node --require @mcpcat/register server.js`. */
const preload = ['--require', require.resolve('@mcpcat/register')]

export interface ServerCommand {
  readonly command: string
  readonly args: string[]
  readonly env: Record<string, string>
}

export function filesystemServer(folder: string, endpoint: string): ServerCommand {
  return instrumented([binary('@modelcontextprotocol/server-filesystem'), folder], 'demo-files', endpoint)
}

export function everythingServer(endpoint: string): ServerCommand {
  return instrumented([binary('@modelcontextprotocol/server-everything'), 'stdio'], 'demo-everything', endpoint)
}

export interface HttpServer {
  readonly url: URL
  stop(): Promise<void>
}

/** One process that serves many clients; ready when it accepts connections. */
export async function startEverythingHttpServer(endpoint: string): Promise<HttpServer> {
  const port = await freePort()
  const { command, args, env } = instrumented(
    [binary('@modelcontextprotocol/server-everything'), 'streamableHttp'],
    'demo-everything-http',
    endpoint,
  )
  const child = spawn(command, args, { env: { ...env, PORT: String(port) }, stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The demo's HTTP server ended with code ${code}: ${said}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('listening')) resolve()
    })
  })
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

function instrumented(script: string[], service: string, endpoint: string): ServerCommand {
  return {
    command: process.execPath,
    args: [...preload, ...script],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      MCPCAT_ENDPOINT: endpoint,
      OTEL_SERVICE_NAME: service,
      // Only the collector of this demo, not whatever else the environment names.
      OTEL_TRACES_EXPORTER: 'none',
    },
  }
}

/** The executable of an npm package that has one. */
function binary(name: string): string {
  const manifest = require.resolve(`${name}/package.json`)
  const { bin } = require(manifest) as { bin: Record<string, string> }
  const [path] = Object.values(bin)
  if (path === undefined) throw new Error(`${name} has no executable`)
  return join(dirname(manifest), path)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
