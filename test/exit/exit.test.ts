import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startSink } from '../harness/otlp-sink.js'
import type { OtlpSink } from '../harness/otlp-sink.js'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'
import type { ProcessEnd, StdioProcess } from '../harness/stdio-process.js'

const servers = join(import.meta.dirname, 'servers')

/** The two ways out of the process, each alone. */
const paths = [
  { path: 'standard', env: (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url }) },
  { path: 'MCPcat', env: (url: string) => ({ MCPCAT_ENDPOINT: url, OTEL_TRACES_EXPORTER: 'none' }) },
]

interface Exit {
  title: string
  ending: string
  /** What makes the server end. */
  trigger: (server: StdioProcess) => unknown
  end: ProcessEnd
}

const exits: Exit[] = [
  { title: 'by itself when stdin ends', ending: 'natural', trigger: endStdin, end: { code: 0, signal: null } },
  { title: 'by itself, with process.exitCode', ending: 'exitCode', trigger: endStdin, end: { code: 5, signal: null } },
  {
    title: 'process.exit() when stdin ends',
    ending: 'exitOnStdinEnd',
    trigger: endStdin,
    end: { code: 0, signal: null },
  },
  { title: 'process.exit(7)', ending: 'exit', trigger: callEnd, end: { code: 7, signal: null } },
  { title: 'uncaught exception', ending: 'throws', trigger: callEnd, end: { code: 1, signal: null } },
  { title: 'unhandled rejection', ending: 'rejects', trigger: callEnd, end: { code: 1, signal: null } },
  { title: 'SIGTERM', ending: 'lingering', trigger: kill('SIGTERM'), end: { code: null, signal: 'SIGTERM' } },
  { title: 'SIGINT', ending: 'lingering', trigger: kill('SIGINT'), end: { code: null, signal: 'SIGINT' } },
  { title: 'SIGTERM with a handler', ending: 'graceful', trigger: kill('SIGTERM'), end: { code: 3, signal: null } },
  {
    title: 'SIGTERM with signal-exit',
    ending: 'signalExit',
    trigger: kill('SIGTERM'),
    end: { code: null, signal: 'SIGTERM' },
  },
]

let sink: OtlpSink
beforeEach(async () => {
  sink = await startSink()
})
afterEach(() => sink.close())

describe.each(paths)('spans on the $path path are delivered and the end is unchanged', ({ env }) => {
  it.each(exits)('$title', async (exit) => {
    const { ending, trigger, end } = exit
    const bare = await bareEnding(exit)
    expect(bare.end).toEqual(end)

    const server = startStdio({ args: [...requireRegister, join(servers, 'ending.mjs'), ending], env: env(sink.url) })
    await converse(server, trigger)
    expect(await server.ended).toEqual(end)
    expect(server.stderr()).toBe(bare.stderr)
    expect(sink.spans.map(({ name }) => name)).toContain('tools/call echo')
  })

  it('stdin ends and SIGKILL follows once the spans are out', async () => {
    const server = startStdio({
      args: [...requireRegister, join(servers, 'ending.mjs'), 'lingering'],
      env: env(sink.url),
    })
    await converse(server, endStdin)
    await sink.until((spans) => spans.some(({ name }) => name === 'tools/call echo'), 3000)
    server.kill('SIGKILL')
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('a signal that the server survives is left to it', async () => {
    const server = startStdio({ args: [...requireRegister, join(servers, 'ending.mjs'), 'deaf'], env: env(sink.url) })
    await converse(server, kill('SIGTERM'))
    await server.said('SIGTERM heard')
    await server.callTool('echo', { text: 'still here' })
    server.kill('SIGINT')
    expect(await server.ended).toEqual({ code: null, signal: 'SIGINT' })
    expect(sink.spans.filter(({ name }) => name === 'tools/call echo')).toHaveLength(2)
  })

  it.each([
    { ending: 'natural', trigger: endStdin, end: { code: 0, signal: null } },
    { ending: 'lingering', trigger: kill('SIGTERM'), end: { code: null, signal: 'SIGTERM' } },
  ])('a span that still waits for an identify hook goes without it: $ending', async ({ ending, trigger, end }) => {
    const server = startStdio({
      args: [...requireRegister, join(servers, 'never-identified.mjs'), ending],
      env: env(sink.url),
    })
    await converse(server, trigger)
    expect(await server.ended).toEqual(end)
    expect(sink.spans.map(({ name }) => name)).toContain('tools/call echo')
  })

  it.each([
    { ending: 'natural', code: 0 },
    { ending: 'exit', code: 4 },
  ])('a worker thread: $ending', async ({ ending, code }) => {
    const server = startStdio({
      args: [...requireRegister, join(servers, 'in-worker.mjs'), ending],
      env: env(sink.url),
    })
    server.endStdin()
    expect(await server.ended).toEqual({ code, signal: null })
    expect(sink.spans.map(({ name, kind }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining(['1 tools/call echo', '2 tools/call echo']),
    )
  })
})

interface BareEnding {
  readonly end: ProcessEnd
  readonly stderr: string
}

const bareEndings = new Map<string, Promise<BareEnding>>()

/** How the server ends without any of ours, which no path out changes: it is looked at once. */
function bareEnding(exit: Exit): Promise<BareEnding> {
  const known = bareEndings.get(exit.title)
  if (known) return known
  const looked = endBare(exit)
  bareEndings.set(exit.title, looked)
  return looked
}

async function endBare({ ending, trigger }: Exit): Promise<BareEnding> {
  const bare = startStdio({ args: [join(servers, 'ending.mjs'), ending] })
  await converse(bare, trigger)
  return { end: await bare.ended, stderr: bare.stderr() }
}

async function converse(server: StdioProcess, trigger: Exit['trigger']): Promise<void> {
  await server.initialize()
  await server.callTool('echo', { text: 'hello', context: 'Seeing what is left at the end' })
  await trigger(server)
}

function endStdin(server: StdioProcess): void {
  server.endStdin()
}

/** The tool answers, and the server ends right after. */
function callEnd(server: StdioProcess): unknown {
  return server.callTool('end', {})
}

function kill(signal: NodeJS.Signals): (server: StdioProcess) => void {
  return (server) => server.kill(signal)
}
