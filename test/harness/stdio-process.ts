import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface JsonRpcAnswer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

/** A real MCP server process on stdio, driven message by message, with everything it wrote. */
export interface StdioProcess {
  readonly pid: number
  /** Every line of stdout, as bytes on the wire. */
  readonly lines: readonly string[]
  stderr(): string
  /** Resolves when stderr contains this. */
  said(text: string): Promise<void>
  request(method: string, params?: object): Promise<JsonRpcAnswer>
  notify(method: string, params?: object): void
  /** `initialize` and `notifications/initialized`. */
  initialize(): Promise<void>
  callTool(name: string, args: object): Promise<JsonRpcAnswer>
  endStdin(): void
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<ProcessEnd>
}

export interface StdioCommand {
  /** Default: the Node that runs the tests. */
  readonly node?: string
  readonly args: readonly string[]
  /** Beside PATH and HOME, which are all that an MCP client passes on. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A test that fails in the middle leaves its server to this. */
const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

export function startStdio({ node = process.execPath, args, env, cwd }: StdioCommand): StdioProcess {
  const child = spawn(node, args, {
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    ...(cwd !== undefined && { cwd }),
  })
  running.add(child)
  const lines: string[] = []
  const waiting = new Map<number, (answer: JsonRpcAnswer) => void>()
  let stderr = ''
  let nextId = 1

  const listening = new Set<() => void>()
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    for (const check of listening) check()
  })
  // A server that is gone already ends the test through `ended`.
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    const message = parse(line)
    if (message?.id === undefined || message.method !== undefined) return
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal })
    })
  })

  const write = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const request = async (method: string, params?: object): Promise<JsonRpcAnswer> => {
    const id = nextId++
    const answer = new Promise<JsonRpcAnswer>((resolve) => waiting.set(id, resolve))
    write({ id, method, ...(params && { params }) })
    const end = ended.then(({ code, signal }) => {
      throw new Error(`the server ended (${signal ?? code}) without answering ${method}; stderr: ${stderr}`)
    })
    return await Promise.race([answer, end])
  }

  return {
    pid: child.pid ?? -1,
    lines,
    stderr: () => stderr,
    said: (text) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!stderr.includes(text)) return
          listening.delete(check)
          resolve()
        }
        listening.add(check)
        check()
      }),
    request,
    notify: (method, params) => write({ method, ...(params && { params }) }),
    async initialize() {
      const clientInfo = { name: 'harness', version: '1.2.3' }
      await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo })
      write({ method: 'notifications/initialized' })
    },
    callTool: (name, args_) => request('tools/call', { name, arguments: args_ }),
    endStdin: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    ended,
  }
}

interface Incoming extends JsonRpcAnswer {
  readonly id?: number
  readonly method?: string
}

function parse(line: string): Incoming | undefined {
  try {
    return JSON.parse(line) as Incoming
  } catch {
    // Not JSON-RPC: kept in `lines` for the test to see.
    return undefined
  }
}
