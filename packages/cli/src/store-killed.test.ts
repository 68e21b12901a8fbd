import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mcpcat, startCollector, type CollectorProcess } from './testing/collector-process.js'
import { crashRounds, seededRandom } from './testing/random.js'
import { startSenders } from './testing/retrying-senders.js'
import { expectExactly, servedEventIds, storedEventIds } from './testing/stored-events.js'

const rounds = crashRounds(3)
let folder: string
let collector: CollectorProcess | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-store-killed-'))
  // The pipeline that the collector ships with, on ports of its own.
  await writeFile(
    join(folder, 'otel-collector.yaml'),
    `extensions:
  store: { path: ./data }
  dashboard: { endpoint: '127.0.0.1:0', store: store }
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
processors: { sessions: {} }
exporters: { store: { store: store } }
service:
  extensions: [store, dashboard]
  pipelines: { traces: { receivers: [otlp], processors: [sessions], exporters: [store] } }
`,
  )
})

afterEach(async () => {
  await collector?.kill()
  await rm(folder, { recursive: true, force: true })
})

it(
  `every acknowledged span is in the store exactly once after ${rounds} kill -9 under load`,
  async () => {
    const random = seededRandom('kill -9 under load')
    const senders = startSenders({ senders: 6 })
    for (let round = 0; round < rounds; round += 1) {
      collector = startCollector(folder)
      if (random() < 0.2) {
        // While it opens the store, migrates it, or finishes what the last one left.
        await delay(random() * 1500)
      } else {
        senders.aim((await collector.ready).otlpHttp)
        const before = senders.acknowledged.size
        await expect.poll(() => senders.acknowledged.size, { timeout: 60_000, interval: 5 }).toBeGreaterThan(before)
        await delay(random() * 700)
      }
      await collector.kill()
      senders.aim(undefined)
    }

    collector = startCollector(folder)
    const { otlpHttp, dashboard } = await collector.ready
    senders.aim(otlpHttp)
    await senders.finish()
    expect(senders.acknowledged.size).toBeGreaterThan(rounds * 20)
    expectExactly(await servedEventIds(dashboard), senders.acknowledged)
    expect(await collector.stop()).toMatchObject({ code: 0 })

    expectExactly(await storedEventIds(folder), senders.acknowledged)
    expect(await mcpcat(folder, 'store', 'verify')).toMatchObject({ code: 0 })
    process.stdout.write(`${rounds} kills, ${senders.acknowledged.size} spans acknowledged, all there once\n`)
  },
  120_000 + rounds * 20_000,
)
