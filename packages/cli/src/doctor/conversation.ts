import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What a server did when an MCP client talked to it over stdio. */
export interface Conversation {
  readonly server: { readonly name: string; readonly version: string; readonly protocol: string } | undefined
  readonly tools: readonly ListedTool[]
  /** The tool that was called, and whether it answered with a result. */
  readonly called: { readonly tool: string; readonly answered: boolean } | undefined
  /** Lines on stdout that are no JSON-RPC. */
  readonly noise: readonly string[]
  readonly stderr: string
  /** Why there was no conversation, or no end to it. */
  readonly failure: Failure | undefined
}

export interface ListedTool {
  readonly name: string
  /** Whether its schema asks for `context`. */
  readonly asks: boolean
}

export type Failure =
  | { readonly kind: 'not started'; readonly reason: string }
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly kind: 'silent'; readonly seconds: number }
  /** It answered, but not as an MCP server does. */
  | { readonly kind: 'no server' }

interface Tool {
  readonly name: string
  readonly annotations?: { readonly readOnlyHint?: boolean }
  readonly inputSchema?: {
    readonly properties?: Readonly<Record<string, unknown>>
    readonly required?: readonly string[]
  }
}

interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly result?: unknown
  readonly error?: unknown
}

/** The first answer may wait for `npx` to install something. */
const patienceSeconds = 30
/** Between the end of stdin, SIGTERM and SIGKILL. */
const graceMillis = 3000

/** Starts the server, initializes, lists its tools, calls one that cannot do harm, and lets it end. */
export async function converse(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Conversation> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env, stdio: 'pipe' })
  const wire = new Wire(child)
  let server: Conversation['server']
  let tools: readonly Tool[] = []
  let called: Conversation['called']
  try {
    const clientInfo = { name: 'mcpcat doctor', version: '1.0.0' }
    const initialized = (await wire.request('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo,
    })) as { serverInfo?: { name?: string; version?: string }; protocolVersion?: string } | undefined
    if (!initialized?.serverInfo) throw new WireFailure({ kind: 'no server' })
    const { name = '', version = '' } = initialized.serverInfo
    server = { name, version, protocol: initialized.protocolVersion ?? '' }
    wire.notify('notifications/initialized')
    const listed = (await wire.request('tools/list')) as { tools?: Tool[] } | undefined
    tools = listed?.tools ?? []
    const harmless = tools.find(canDoNoHarm)
    if (harmless) {
      const context = asks(harmless) ? { context: 'Checking that the server answers' } : {}
      const result = await wire.request('tools/call', { name: harmless.name, arguments: context })
      called = { tool: harmless.name, answered: result !== undefined }
    }
  } catch (error) {
    if (!(error instanceof WireFailure)) throw error
    wire.failure ??= error.failure
  }
  await end(child, wire.ended)
  const { failure, noise, stderr } = wire
  return {
    server,
    tools: tools.map((tool) => ({ name: tool.name, asks: asks(tool) })),
    called,
    noise,
    stderr,
    failure,
  }
}

/** Says itself that it only reads, and wants no arguments. */
function canDoNoHarm({ annotations, inputSchema, name }: Tool): boolean {
  const wanted = inputSchema?.required?.filter((key) => key !== 'context') ?? []
  return annotations?.readOnlyHint === true && wanted.length === 0 && name !== 'get_more_tools'
}

function asks({ inputSchema }: Tool): boolean {
  return inputSchema?.properties !== undefined && 'context' in inputSchema.properties
}

class WireFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.kind)
    this.failure = failure
  }
}

/** JSON-RPC over the stdio of a child process. */
class Wire {
  readonly noise: string[] = []
  readonly ended: Promise<Failure>
  stderr = ''
  failure: Failure | undefined
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<unknown, (result: unknown) => void>()
  #nextId = 1

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    child.stderr.on('data', (chunk: Buffer) => (this.stderr = `${this.stderr}${chunk.toString()}`.slice(-8000)))
    // A server that is gone is noticed by its end.
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout }).on('line', (line) => this.#receive(line))
    this.ended = new Promise((resolve) => {
      child.on('error', ({ message }) => resolve({ kind: 'not started', reason: message }))
      child.on('close', (code, signal) => resolve({ kind: 'ended', code, signal }))
    })
  }

  /** Resolves to the result, or to undefined for a JSON-RPC error. @throws WireFailure */
  async request(method: string, params?: object): Promise<unknown> {
    const id = this.#nextId++
    const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve))
    this.#write({ id, method, ...(params && { params }) })
    let timer: NodeJS.Timeout | undefined
    const failed = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new WireFailure({ kind: 'silent', seconds: patienceSeconds })),
        patienceSeconds * 1000,
      )
      void this.ended.then((failure) => reject(new WireFailure(failure)))
    })
    try {
      return await Promise.race([answer, failed])
    } finally {
      clearTimeout(timer)
    }
  }

  notify(method: string): void {
    this.#write({ method })
  }

  #write(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  #receive(line: string): void {
    const message = parse(line)
    if (!message) {
      if (line.trim() !== '') this.noise.push(line)
      return
    }
    if (message.method !== undefined) {
      // Whatever the server wants of its client, this one cannot do.
      if (message.id !== undefined) this.#write({ id: message.id, error: { code: -32601, message: 'not supported' } })
      return
    }
    this.#waiting.get(message.id)?.(message.result)
    this.#waiting.delete(message.id)
  }
}

function parse(line: string): Message | undefined {
  try {
    const message = JSON.parse(line) as { jsonrpc?: unknown } | null
    return message?.jsonrpc === '2.0' ? (message as Message) : undefined
  } catch {
    return undefined
  }
}

/** As MCP clients do: the end of stdin, then SIGTERM, then SIGKILL. */
async function end(child: ChildProcessWithoutNullStreams, ended: Promise<unknown>): Promise<void> {
  child.stdin.end()
  const timers = [
    setTimeout(() => child.kill('SIGTERM'), graceMillis),
    setTimeout(() => child.kill('SIGKILL'), 2 * graceMillis),
  ]
  await ended
  for (const timer of timers) clearTimeout(timer)
}
