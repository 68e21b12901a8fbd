import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** An OTLP/HTTP endpoint, a process of its own, that can be taken down, so that connections are refused, and brought up again. */
export interface FlakySink {
  readonly url: string
  /** Ids of the `tools/call` spans that were acknowledged, once per delivery. */
  readonly calls: readonly string[]
  down(): Promise<void>
  up(): Promise<void>
  /** Resolves when so many different calls have arrived. */
  until(distinct: number, deadlineMillis?: number): Promise<void>
  close(): Promise<void>
}

type Report = { state: 'up' | 'down'; port: number } | { spanIds: string[] }

export async function startFlakySink(): Promise<FlakySink> {
  const calls: string[] = []
  const child = fork(join(import.meta.dirname, 'flaky-sink-process.mjs'))
  let port = 0
  let settle: (() => void) | undefined
  child.on('message', (report: Report) => {
    if ('spanIds' in report) calls.push(...report.spanIds)
    else {
      port = report.port
      settle?.()
    }
  })
  const command = (state: 'up' | 'down'): Promise<void> =>
    new Promise((resolve) => {
      settle = resolve
      child.send(state)
    })

  await command('up')
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    up: () => command('up'),
    down: () => command('down'),
    async until(distinct, deadlineMillis = 45_000) {
      const deadline = performance.now() + deadlineMillis
      while (new Set(calls).size < distinct) {
        if (performance.now() > deadline) throw new Error(`${new Set(calls).size} of ${distinct} calls arrived`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async close() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
