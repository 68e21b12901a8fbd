import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { encodeTraces } from '@mcpcat/collector'
import { sampleTraces } from '@mcpcat/collector/testing'

export interface ValidTraffic {
  /** What the requests since the last look, three at least, were answered with, and in how many milliseconds. */
  look(): Promise<{ statuses: number[]; median: number; slowest: number }>
  stop(): Promise<void>
}

/** A sender that means well: one request after the other, 20 a second at most. */
export function sendValidTraffic(otlp: string): ValidTraffic {
  const end = new AbortController()
  let answers: { status: number; milliseconds: number }[] = []
  const sending = (async () => {
    while (!end.signal.aborted) {
      const start = performance.now()
      const status = await post(otlp).catch(() => 0)
      answers.push({ status, milliseconds: performance.now() - start })
      await delay(50)
    }
  })()
  return {
    async look() {
      while (answers.length < 3) await delay(20)
      const seen = answers
      answers = []
      const times = seen.map(({ milliseconds }) => Math.round(milliseconds)).toSorted((a, b) => a - b)
      const statuses = [...new Set(seen.map(({ status }) => status))]
      return { statuses, median: times[times.length >> 1] ?? 0, slowest: times.at(-1) ?? 0 }
    },
    async stop() {
      end.abort()
      await sending
    },
  }
}

async function post(otlp: string): Promise<number> {
  const traces = sampleTraces(1)
  traces.resourceSpans[0]!.scopeSpans[0]!.spans[0]!.traceId = randomBytes(16).toString('hex')
  const response = await fetch(`${otlp}/v1/traces`, {
    method: 'POST',
    body: new Uint8Array(encodeTraces(traces)),
    headers: { 'Content-Type': 'application/x-protobuf' },
  })
  await response.body?.cancel()
  return response.status
}
