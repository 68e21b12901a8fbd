import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../end-to-end/collector.js'

/** Things of a test that have to be ended; the last one first. */
export class Cleanup {
  readonly #steps: (() => Promise<unknown>)[] = []

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step)
  }

  async folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'mcpcat-interop-'))
    this.add(() => rm(path, { recursive: true, force: true }))
    return path
  }

  async run(): Promise<void> {
    for (const step of this.#steps.toReversed()) await step()
  }
}

/** Starts a program of others with a YAML (or JSON) configuration and waits until it serves `ready`. */
export async function startConfigured(
  cleanup: Cleanup,
  program: string,
  config: object,
  ready: string,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const file = join(await cleanup.folder(), 'config.yaml')
  await writeFile(file, JSON.stringify(config))
  const child = spawn(program, ['--config', file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = listen(child)
  cleanup.add(() => end(child))
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${said()}`)
      return fetch(ready).then(
        () => true,
        () => false,
      )
    },
    (up) => up,
    60_000,
  )
}

function listen(child: ChildProcess): () => string {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
  return () => said
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

/** Runs to the end and answers what was written to stdout. @throws Error with its stderr when it fails. */
export async function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${errors}`)
  return out
}

/** The requests that a file exporter, ours or otelcol's, has written so far: OTLP JSON, one a line. */
export async function exported(path: string): Promise<object[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as object)
}

export async function postTraces(base: string, request: object): Promise<void> {
  const response = await fetch(`${base}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  })
  if (!response.ok) throw new Error(`${base} answered ${response.status}: ${await response.text()}`)
}
