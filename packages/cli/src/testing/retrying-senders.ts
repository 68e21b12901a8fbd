import { setTimeout as delay } from 'node:timers/promises'
import { encodeTraces } from '@mcpcat/collector'
import { mcpTraces, type McpSpan } from './mcp-spans.js'

const BATCH = 20

export interface Senders {
  /** Numbers of the events that a 200 has acknowledged. */
  readonly acknowledged: ReadonlySet<number>
  /** Answers by status; 0 where there was none. */
  readonly answers: ReadonlyMap<number, number>
  /** The header `Retry-After` of the last refusal. */
  readonly lastRetryAfter: string | null
  /** Where batches go from now on; undefined while there is nowhere. */
  aim(url: string | undefined): void
  /** Resolves when so many more than now have been acknowledged. */
  send(count: number): Promise<void>
  /** Lets each sender bring its last batch to the end. */
  finish(): Promise<void>
}

export interface SendersOptions {
  readonly senders: number
  /** Of every span, so that a disk fills as fast as a test likes. */
  readonly content?: (n: number) => string
}

/**
 * Sends batches without end, as exporters do: what is not acknowledged is sent again, the same,
 * until it is. Several senders share users and raw sessions, so what one sends changes sessions of others.
 */
export function startSenders({ senders, content }: SendersOptions): Senders {
  const acknowledged = new Set<number>()
  const answers = new Map<number, number>()
  let lastRetryAfter: string | null = null
  let url: string | undefined
  let next = 1
  const finishing = new AbortController()

  function batch(): McpSpan[] {
    return Array.from({ length: BATCH }, () => {
      const n = next++
      return {
        n,
        attributes: {
          'mcp.session.id': `session-${n % 7}`,
          'mcp.client.name': 'client',
          ...(n % 2 === 0 ? { 'user.id': `user-${n % 3}` } : {}),
          ...(content ? { 'mcpcat.request': content(n) } : {}),
        },
      }
    })
  }

  async function attempt(body: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const target = url
    if (target === undefined) return false
    try {
      const response = await fetch(`${target}/v1/traces`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-protobuf' },
        body,
      })
      answers.set(response.status, (answers.get(response.status) ?? 0) + 1)
      if (response.status !== 200) lastRetryAfter = response.headers.get('retry-after')
      await response.arrayBuffer()
      return response.status === 200
    } catch {
      // Killed: what was on its way was not acknowledged.
      answers.set(0, (answers.get(0) ?? 0) + 1)
      return false
    }
  }

  async function send(): Promise<void> {
    while (!finishing.signal.aborted) {
      const spans = batch()
      const body = new Uint8Array(encodeTraces(mcpTraces(spans)))
      // An exporter waits seconds; a test has many rounds.
      while (!(await attempt(body))) await delay(20)
      for (const { n } of spans) acknowledged.add(n)
    }
  }

  const running = Array.from({ length: senders }, send)
  return {
    acknowledged,
    answers,
    get lastRetryAfter() {
      return lastRetryAfter
    },
    aim(target) {
      url = target
    },
    async send(count) {
      const wanted = acknowledged.size + count
      while (acknowledged.size < wanted) await delay(20)
    },
    async finish() {
      finishing.abort()
      await Promise.all(running)
    },
  }
}
