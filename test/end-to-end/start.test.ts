import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page, Session } from '@mcpcat/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cli, eventually, getJson, repository, startCollector } from './collector.js'

const startScript = join(repository, 'scripts', 'start.mjs')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-start-'))
})
const running = new Set<Started>()
afterEach(async () => {
  // What a failed assertion left behind; its children end with their IPC channel.
  for (const started of running) started.process.kill('SIGKILL')
  await Promise.all([...running].map(({ exit }) => exit))
  running.clear()
  await rm(folder, { recursive: true, force: true })
})

describe('npm start', () => {
  it('with --demo shows sessions with intents, and ends everything on one Ctrl-C', async () => {
    const [otlp, dashboard] = [await freePort(), await freePort()]
    const started = start([
      startScript,
      '--demo',
      '--set',
      `receivers.otlp.protocols.http.endpoint=127.0.0.1:${otlp}`,
      '--set',
      `extensions.dashboard.endpoint=127.0.0.1:${dashboard}`,
    ])
    await eventually(
      async () => started.output(),
      (output) => output.includes(`http://127.0.0.1:${dashboard}`) && output.includes('--require @mcpcat/register'),
      120_000,
    )
    // Several clients with intents, at least two servers, and a failing call.
    await eventually(
      () => getJson<Page<Session>>(`http://127.0.0.1:${dashboard}/api/v1/sessions`),
      ({ items }) =>
        new Set(items.filter(({ firstIntent }) => firstIntent).map(({ client }) => client?.name)).size >= 3 &&
        new Set(items.map(({ server }) => server?.name)).size >= 2 &&
        items.some(({ errors }) => errors > 0),
      120_000,
    )

    started.process.kill('SIGINT')
    expect(await started.exit).toBe(0)
    expect(started.output()).not.toMatch(/^\s+at /m)
    await expect(fetch(`http://127.0.0.1:${dashboard}/`)).rejects.toThrow('fetch failed')
    await expect(fetch(`http://127.0.0.1:${otlp}/`)).rejects.toThrow('fetch failed')
  }, 300_000)

  it('on a Node that is too old says so in one line', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.20.0"})'
    const started = start(['--import', older, startScript])
    expect(await started.exit).toBe(1)
    expect(started.output().trim()).toMatch(/^\S+ Node 20\.19 or newer is needed; this is Node 18\.20\.0\.$/)
  })
})

describe('the collector', () => {
  it('on a port in use says which one and exits', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    try {
      const started = collector(`receivers.otlp.protocols.http.endpoint=127.0.0.1:${port}`)
      expect(await started.exit).toBe(1)
      expectOneClearLine(started.output(), String(port))
    } finally {
      holder.close()
    }
  })

  it('on a data folder that another collector holds names the folder and exits', async () => {
    const holder = await startCollector()
    try {
      const started = start(
        [
          cli,
          'collector',
          '--config',
          join(repository, 'otel-collector.yaml'),
          '--set',
          'receivers.otlp.protocols.http.endpoint=127.0.0.1:0',
          '--set',
          'extensions.dashboard.endpoint=127.0.0.1:0',
        ],
        holder.folder,
      )
      expect(await started.exit).toBe(1)
      expectOneClearLine(started.output(), holder.folder)
    } finally {
      await holder.stop()
    }
  })

  it('on a bad setting names it and the nearest valid one', async () => {
    const started = collector('receivers.otlp.protocols.http.endpont=127.0.0.1:0')
    expect(await started.exit).toBe(1)
    expectOneClearLine(started.output(), 'receivers.otlp.protocols.http.endpont')
    expect(started.output()).toContain('endpoint')
  })
})

function collector(setting: string): Started {
  return start([
    cli,
    'collector',
    '--config',
    join(repository, 'otel-collector.yaml'),
    '--set',
    'extensions.dashboard.endpoint=127.0.0.1:0',
    '--set',
    setting,
  ])
}

function expectOneClearLine(output: string, mention: string): void {
  const lines = output.split('\n').filter((line) => line.includes(mention))
  expect(lines, output).toHaveLength(1)
  expect(output).not.toMatch(/^\s+at /m)
}

interface Started {
  process: ChildProcess
  exit: Promise<number | null>
  output(): string
}

function start(args: string[], dataFolder = folder): Started {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, MCPCAT_DATA_DIR: dataFolder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const started = { process: child, exit, output: () => output }
  running.add(started)
  return started
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}
