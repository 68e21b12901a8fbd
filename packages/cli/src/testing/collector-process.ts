import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** The command as it is installed. Spawned with this process's own Node, so that a signal reaches it and no shim. */
const bin: string = join(import.meta.dirname, '..', '..', 'bin', 'mcpcat.js')

export interface Finished {
  readonly code: number | null
  readonly output: string
}

export interface Ready {
  readonly otlpHttp: string
  readonly dashboard: string
  readonly health: string
  readonly otlpGrpc: string
}

export interface CollectorProcess {
  readonly child: ChildProcess
  /** Where it takes spans and answers; rejects when the process ends before it is ready. */
  readonly ready: Promise<Ready>
  readonly exited: Promise<Finished>
  /** What it has logged so far. */
  log(): string
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
  /** SIGTERM, and waits for the end. */
  stop(): Promise<Finished>
}

/** Runs `mcpcat collector` in a folder that has an `otel-collector.yaml`. */
export function startCollector(folder: string): CollectorProcess {
  const child = spawn(process.execPath, [bin, 'collector'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'close').then(([code]): Finished => ({ code: code as number | null, output }))
  const ready = Promise.race([
    once(child, 'message').then(([message]) => message as Ready),
    exited.then(({ code }) => {
      throw new Error(`the collector ended (${code}) before it was ready:\n${output}`)
    }),
  ])
  // Who does not ask when it is ready does not hear that it never was.
  ready.catch(() => undefined)
  return {
    child,
    ready,
    exited,
    log: () => output,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      return await exited
    },
  }
}

export interface RunningCommand {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
}

/** Runs a `mcpcat` command in a folder. `output` is what it wrote to stdout and stderr. */
export function startMcpcat(folder: string, ...args: string[]): RunningCommand {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return {
    child,
    finished: once(child, 'close').then(([code]): Finished => ({ code: code as number | null, output })),
  }
}

export async function mcpcat(folder: string, ...args: string[]): Promise<Finished> {
  return await startMcpcat(folder, ...args).finished
}
