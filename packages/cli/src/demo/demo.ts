import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { converse } from './conversation.js'
import { demoFiles, scenarios, type Scenario } from './scenarios.js'
import {
  everythingServer,
  filesystemServer,
  startEverythingHttpServer,
  type HttpServer,
  type ServerCommand,
} from './servers.js'

export interface DemoOptions {
  /** Base URL of the collector's OTLP/HTTP receiver. */
  endpoint: string
  /** How often all scenarios are played; further rounds are slower than the first. */
  rounds: number
  signal: AbortSignal
  /** Told after each conversation, for a progress line. */
  onConversation?(done: number, planned: number): void
}

/** Pause between conversations after the first round, in milliseconds. */
const laterPause = 15_000

/**
 * Plays conversations against real MCP servers from npm, each started with
 * `--require @mcpcat/register`. Ends when the rounds are played or the signal aborts; the servers
 * end with it.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-demo-'))
  const http = await startEverythingHttpServer(options.endpoint)
  try {
    const planned = scenarios(folder).length * options.rounds
    let done = 0
    for (let round = 0; round < options.rounds; round++) {
      await writeFiles(folder)
      for (const scenario of scenarios(folder)) {
        if (round > 0) await delay(laterPause, undefined, { signal: options.signal })
        await converse(scenario, connect(scenario, folder, http, options.endpoint), options.signal)
        options.onConversation?.(++done, planned)
      }
    }
  } catch (error) {
    if (!options.signal.aborted) throw error
  } finally {
    await http.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function connect(scenario: Scenario, folder: string, http: HttpServer, endpoint: string): Transport {
  switch (scenario.server) {
    case 'filesystem':
      return stdio(filesystemServer(folder, endpoint))
    case 'everything-stdio':
      return stdio(everythingServer(endpoint))
    case 'everything-http':
      return new StreamableHTTPClientTransport(http.url)
  }
}

function stdio(server: ServerCommand): Transport {
  return new StdioClientTransport({ ...server, stderr: 'ignore' })
}

async function writeFiles(folder: string): Promise<void> {
  for (const [name, content] of Object.entries(demoFiles)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
}
