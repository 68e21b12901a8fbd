import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mcpcat } from './testing/collector-process.js'
import { crashRounds, seededRandom } from './testing/random.js'
import { startSenders } from './testing/retrying-senders.js'
import { storedCollector, type StoredCollector } from './testing/stored-collector.js'
import { expectExactly, servedEventIds, storedEventIds } from './testing/stored-events.js'

const rounds = crashRounds(3)
let store: StoredCollector

beforeEach(async () => {
  store = await storedCollector()
})

afterEach(() => store.remove())

it(
  `every acknowledged span is in the store exactly once after ${rounds} kill -9 under load`,
  async () => {
    const random = seededRandom('kill -9 under load')
    const senders = startSenders({ senders: 6 })
    for (let round = 0; round < rounds; round += 1) {
      const collector = store.start()
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

    const collector = store.start()
    const { otlpHttp, dashboard } = await collector.ready
    senders.aim(otlpHttp)
    await senders.finish()
    expect(senders.acknowledged.size).toBeGreaterThan(rounds * 20)
    expectExactly(await servedEventIds(dashboard), senders.acknowledged)
    expect(await collector.stop()).toMatchObject({ code: 0 })

    expectExactly(await storedEventIds(store.folder), senders.acknowledged)
    expect(await mcpcat(store.folder, 'store', 'verify')).toMatchObject({ code: 0 })
    process.stdout.write(`${rounds} kills, ${senders.acknowledged.size} spans acknowledged, all there once\n`)
  },
  120_000 + rounds * 20_000,
)
