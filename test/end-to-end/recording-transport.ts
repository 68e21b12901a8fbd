import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

/**
 * A stdio client transport that keeps every line the server wrote, as bytes on the wire: what the
 * SDK's own transport parses away is what the comparison of bare and instrumented servers needs.
 */
export class RecordingTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly lines: string[] = []
  #child: ChildProcess | undefined
  readonly #args: string[]
  readonly #env: Record<string, string>

  constructor(args: string[], env: Record<string, string>) {
    this.#args = args
    this.#env = env
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, this.#args, {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...this.#env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#child = child
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line)
      this.onmessage?.(JSON.parse(line) as JSONRPCMessage)
    })
    await once(child, 'spawn')
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#child?.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  /** Ends the server's stdin, as clients do, and waits until it has gone. @returns its exit code. */
  async end(): Promise<number | null> {
    const child = this.#child
    if (!child) return null
    const gone = once(child, 'exit')
    child.stdin?.end()
    const [code] = await gone
    return code as number | null
  }

  async close(): Promise<void> {
    await this.end()
    this.onclose?.()
  }
}
