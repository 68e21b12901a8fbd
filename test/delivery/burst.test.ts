import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'
import type { StdioProcess } from '../harness/stdio-process.js'
import { startFlakySink } from './flaky-sink.js'
import type { FlakySink } from './flaky-sink.js'

const serverFile = join(import.meta.dirname, '..', 'end-to-end', 'servers', 'inventory-v2.mjs')

let sink: FlakySink
let server: StdioProcess
beforeEach(async () => {
  sink = await startFlakySink()
  server = startStdio({
    args: [...requireRegister, serverFile],
    env: { MCPCAT_ENDPOINT: sink.url, OTEL_TRACES_EXPORTER: 'none' },
  })
  await server.initialize()
})
afterEach(async () => {
  server.kill('SIGKILL')
  await server.ended
  await sink.close()
})

/** Calls one after the other, as 32 agents would make them at the same time. */
async function call(times: number): Promise<void> {
  let left = times
  async function agent(): Promise<void> {
    while (left-- > 0) {
      const answer = await server.callTool('check_stock', { article: 'lamp' })
      expect(answer.error).toBeUndefined()
    }
  }
  await Promise.all(Array.from({ length: 32 }, agent))
}

it('22,000 calls back to back through a real server: every one arrives, once', async () => {
  await call(22_000)
  await sink.until(22_000)
  server.endStdin()
  expect(await server.ended).toEqual({ code: 0, signal: null })
  expect(new Set(sink.calls).size).toBe(22_000)
  expect(sink.calls).toHaveLength(22_000)
})

/** How long the endpoint stays away, in milliseconds: `MCPCAT_OUTAGE_MS=60000 npm test -- test/delivery/burst`. */
const outage = Number(process.env['MCPCAT_OUTAGE_MS'] ?? 0)

it('the endpoint goes away and comes back: every call arrives, once', { timeout: 120_000 + outage }, async () => {
  await call(2000)
  await sink.down()
  const away = delay(outage)
  await call(6000)
  await away
  await sink.up()
  await sink.until(8000)
  server.endStdin()
  expect(await server.ended).toEqual({ code: 0, signal: null })
  expect(new Set(sink.calls).size).toBe(8000)
})
