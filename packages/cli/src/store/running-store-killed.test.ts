import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mcpcat, startCollector, startMcpcat, type CollectorProcess, type Ready } from '../testing/collector-process.js'
import { crashRounds, seededRandom } from '../testing/random.js'
import { startSenders, type Senders } from '../testing/retrying-senders.js'
import { expectExactly, servedEventIds, storedEventIds } from '../testing/stored-events.js'

const WAIT = { timeout: 60_000, interval: 20 }
let folder: string
let collector: CollectorProcess | undefined
let ready: Ready

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-running-store-'))
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
  await start()
})

afterEach(async () => {
  await collector?.kill()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  collector = startCollector(folder)
  ready = await collector.ready
}

async function sendSome(senders: Senders, count: number): Promise<void> {
  const before = senders.acknowledged.size
  await expect.poll(() => senders.acknowledged.size, WAIT).toBeGreaterThan(before + count)
}

const rounds = crashRounds(2)

test(
  `what is asked of a running collector may be cut off by kill -9, ${rounds} times`,
  async () => {
    const random = seededRandom('kill -9 during operations of a running collector')
    const senders = startSenders({ senders: 3 })
    senders.aim(ready.otlpHttp)
    await sendSome(senders, 60)
    expect(await mcpcat(folder, 'store', 'backup', 'first')).toMatchObject({ code: 0 })
    expect(await mcpcat(folder, 'store', 'export', 'default', 'events.parquet')).toMatchObject({ code: 0 })
    for (let round = 0; round < rounds; round += 1) {
      const operations = [
        ['backup', `later-${round}`],
        ['restore', 'data/backups/first', '--merge'],
        ['import', 'events.parquet'],
        ['reconcile'],
      ]
      const command = startMcpcat(folder, 'store', ...operations[Math.floor(random() * operations.length)]!)
      // About as long as the command needs to start and to be answered; any moment will do.
      await Promise.race([command.finished, delay(random() * 2500)])
      await collector?.kill()
      senders.aim(undefined)
      await command.finished
      await start()
      senders.aim(ready.otlpHttp)
      await sendSome(senders, 20)
      expect(await mcpcat(folder, 'store', 'verify')).toMatchObject({ code: 0 })
      expect((await readdir(join(folder, 'data', 'backups'))).filter((name) => name.endsWith('.partial'))).toEqual([])
    }
    await senders.finish()
    expectExactly(await servedEventIds(ready.dashboard), senders.acknowledged)
    expect(await collector?.stop()).toMatchObject({ code: 0 })
    expectExactly(await storedEventIds(folder), senders.acknowledged)
  },
  120_000 + rounds * 60_000,
)
