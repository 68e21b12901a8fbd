import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultConfig } from './default-config.js'
import { oldNodeMessage } from './node-version.js'

const repository = join(import.meta.dirname, '..', '..', '..')
const bin = join(import.meta.dirname, '..', 'bin', 'mcpcat.js')
const children = new Set<ChildProcess>()
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-cli-'))
  await writeFile(
    join(folder, 'otel-collector.yaml'),
    `receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
exporters: { debug: }
service: { pipelines: { traces: { receivers: [otlp], exporters: [debug] } } }
`,
  )
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await rm(folder, { recursive: true, force: true })
})

interface Run {
  readonly child: ChildProcess
  readonly exit: Promise<number | null>
  readonly output: () => string
  /** Resolves when the output contains the text, and rejects when the process ends without it. */
  says(text: string): Promise<void>
}

interface RunOptions {
  cwd?: string
  stdio?: StdioOptions
}

function mcpcat(args: string[], { cwd = folder, stdio = ['ignore', 'pipe', 'pipe'] }: RunOptions = {}): Run {
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio })
  children.add(child)
  let output = ''
  const exit = once(child, 'close').then(([code]) => code as number | null)
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return {
    child,
    exit,
    output: () => output,
    says: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => (output.includes(text) ? resolve() : undefined)
        child.stdout?.on('data', check)
        child.stderr?.on('data', check)
        check()
        exit.then(() => reject(new Error(`ended without saying "${text}":\n${output}`)), reject)
      }),
  }
}

describe('mcpcat collector', () => {
  it('says where it listens and how to instrument a server, and stops once and cleanly on Ctrl-C delivered twice', async () => {
    const run = mcpcat(['collector'])
    await run.says('server.js')
    expect(run.output()).toMatch(
      /MCPCAT_ENDPOINT=http:\/\/127\.0\.0\.1:\d+ node --require @mcpcat\/register server\.js/,
    )
    run.child.kill('SIGINT')
    run.child.kill('SIGINT')
    expect(await run.exit).toBe(0)
  })

  it('tells a parent on an IPC channel when it is ready, and stops when the parent goes away', async () => {
    const run = mcpcat(['collector'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const [message] = (await once(run.child, 'message')) as [unknown]
    expect(message).toMatchObject({
      type: 'ready',
      otlpHttp: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    })
    const ended = once(run.child, 'exit')
    run.child.disconnect()
    expect(await ended).toEqual([0, null])
  })

  it('says in one line what is wrong, without a stack', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    const run = mcpcat(['collector', '--set', `receivers.otlp.protocols.http.endpoint=127.0.0.1:${port}`])
    expect(await run.exit).toBe(1)
    expect(run.output().trim()).toMatch(
      new RegExp(`^receivers\\.otlp\\.protocols\\.http\\.endpoint: port ${port} .* is in use.*$`),
    )
    holder.close()
  })

  it('logs JSON lines where nobody watches', async () => {
    const run = mcpcat(['collector'])
    await run.says('server.js')
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(run.output())![0]
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'x' }] }] }] })
    await fetch(`${url}/v1/traces`, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
    await run.says('"spans":1')
    run.child.kill('SIGTERM')
    expect(await run.exit).toBe(0)
  })
})

describe('mcpcat validate', () => {
  it('names exporters whose acknowledged data is in memory only, and what to set', async () => {
    const sets = [
      'exporters.otlphttp.endpoint=http://127.0.0.1:9',
      'service.pipelines.traces.exporters=[otlphttp]',
    ].flatMap((set) => ['--set', set])
    const queued = mcpcat(['validate', ...sets])
    expect(await queued.exit).toBe(0)
    expect(queued.output()).toMatch(
      /^exporters\.otlphttp: .* does not survive a kill; set exporters\.otlphttp\.sending_queue\.storage .*\nThe configuration is valid\.\n$/,
    )
    const sent = mcpcat(['validate', ...sets, '--set', 'exporters.otlphttp.sending_queue.enabled=false'])
    expect(await sent.exit).toBe(0)
    expect(sent.output()).toBe('The configuration is valid.\n')
  })

  it('says, as the start does, where sessions are stamped by other rules than they are stored by', async () => {
    const sets = [
      'extensions={store: {sessions: {gap: 10m}}}',
      'service.extensions=[store]',
      'processors.sessions=',
      'service.pipelines.traces.processors=[sessions]',
    ].flatMap((set) => ['--set', set])
    const differ = 'processors.sessions: its rules and those of extensions.store.sessions differ'
    const checked = mcpcat(['validate', ...sets])
    expect(await checked.exit).toBe(0)
    expect(checked.output()).toContain(differ)
    const run = mcpcat(['collector', ...sets])
    await run.says(differ)
    await run.says('server.js')
    run.child.kill('SIGTERM')
    expect(await run.exit).toBe(0)

    const same = mcpcat(['validate', ...sets, '--set', 'processors.sessions.rules_from=store'])
    expect(await same.exit).toBe(0)
    expect(same.output()).toBe('The configuration is valid.\n')
    for (const command of ['validate', 'collector']) {
      const wrong = mcpcat([command, ...sets, '--set', 'processors.sessions.rules_from=stor'])
      expect(await wrong.exit).toBe(1)
      expect(wrong.output()).toContain(
        'processors.sessions.rules_from: service.extensions does not list "stor"; did you mean "store"?',
      )
    }
  })

  it('accepts every configuration in the repository', async () => {
    const shipped = globSync('{.,examples/*,test/**,bench/**}/otel-collector*.yaml', {
      cwd: repository,
      exclude: (name) => name === 'node_modules',
    })
    expect(shipped.length).toBeGreaterThan(1)
    for (const file of shipped) {
      const run = mcpcat(['validate'], { cwd: dirname(join(repository, file)) })
      expect(await run.exit, run.output()).toBe(0)
      expect(run.output()).toMatch(/The configuration is valid\.\n$/)
    }
  })

  it('names file, line and nearest key', async () => {
    const run = mcpcat(['validate', '--set', 'receivers.otlp.protocol={}', '--config', 'otel-collector.yaml'])
    expect(await run.exit).toBe(1)
    expect(run.output()).toContain('receivers.otlp.protocol: unknown key "protocol"; did you mean "protocols"?')
  })
})

it('lists its components', async () => {
  const run = mcpcat(['components'])
  expect(await run.exit).toBe(0)
  for (const type of ['otlp', 'sessions', 'store', 'dashboard', 'debug']) expect(run.output()).toContain(`  ${type} `)
})

it.each([
  [['--help']],
  [['collector', '--help']],
  [['validate', '--help']],
  [['components', '--help']],
  [['doctor', '--help']],
  [['demo', '--help']],
])('%s explains itself', async (args) => {
  const run = mcpcat(args)
  expect(await run.exit).toBe(0)
  expect(run.output()).toMatch(/^Usage: mcpcat/)
})

it('points at the command or option that was meant', async () => {
  const run = mcpcat(['collectr'])
  expect(await run.exit).toBe(1)
  expect(run.output()).toContain('Did you mean collector?')
})

it('has a built-in configuration equal to the one of the repository', async () => {
  expect(defaultConfig).toBe(await readFile(join(repository, 'otel-collector.yaml'), 'utf8'))
})

it('knows which Node it needs', () => {
  expect(oldNodeMessage('20.19.0')).toMatch(/^mcpcat needs Node 22\.15 or newer; this is Node 20\.19\.0\./)
  expect(oldNodeMessage('22.14.9')).toBeDefined()
  expect(oldNodeMessage('22.15.0')).toBeUndefined()
  expect(oldNodeMessage('26.0.0')).toBeUndefined()
})
