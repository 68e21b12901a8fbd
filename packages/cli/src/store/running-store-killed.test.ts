import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { encodeTraces } from '@mcpcat/collector'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mcpcat, startMcpcat, type CollectorProcess, type Finished, type Ready } from '../testing/collector-process.js'
import { eventIdOf, mcpTraces } from '../testing/mcp-spans.js'
import { crashRounds, seededRandom } from '../testing/random.js'
import { startSenders } from '../testing/retrying-senders.js'
import { storedCollector, type StoredCollector } from '../testing/stored-collector.js'
import { expectExactly, servedEventIds, storedEventIds } from '../testing/stored-events.js'

let store: StoredCollector
let folder: string
let collector: CollectorProcess
let ready: Ready

beforeEach(async () => {
  store = await storedCollector()
  folder = store.folder
  await start()
})

afterEach(() => store.remove())

async function start(): Promise<void> {
  collector = store.start()
  ready = await collector.ready
}

const rounds = crashRounds(2)

test(
  `what is asked of a running collector may be cut off by kill -9, ${rounds} times`,
  async () => {
    const random = seededRandom('kill -9 during operations of a running collector')
    const senders = startSenders({ senders: 3 })
    senders.aim(ready.otlpHttp)
    await senders.send(60)
    expect(await mcpcat(folder, 'store', 'backup', 'first')).toMatchObject({ code: 0 })
    expect(await mcpcat(folder, 'store', 'export', 'default', 'events.parquet')).toMatchObject({ code: 0 })
    const operations: ((round: number) => string[])[] = [
      (round) => ['backup', `later-${round}`],
      () => ['restore', 'data/backups/first', '--merge'],
      () => ['import', 'events.parquet'],
      () => ['reconcile'],
      (round) => ['export', 'default', `later-${round}.parquet`],
      () => ['verify'],
    ]
    const offset = Math.floor(random() * operations.length)
    for (let round = 0; round < rounds; round += 1) {
      const operation = operations[(offset + round) % operations.length]!(round)
      const { code } = await killedDuring(operation, random)
      senders.aim(ready.otlpHttp)
      await senders.send(20)
      expect(await mcpcat(folder, 'store', 'verify')).toMatchObject({ code: 0 })
      expect((await readdir(join(folder, 'data', 'backups'))).filter((name) => name.endsWith('.partial'))).toEqual([])
      const [name, , file] = operation
      if (name !== 'export' || file === undefined) continue
      // Whole under its name, however early the collector ended.
      const written = existsSync(join(folder, file))
      if (code === 0) expect(written).toBe(true)
      if (written) expect(await mcpcat(folder, 'store', 'import', file)).toMatchObject({ code: 0 })
    }
    await senders.finish()
    expectExactly(await servedEventIds(ready.dashboard), senders.acknowledged)
    expect(await collector.stop()).toMatchObject({ code: 0 })
    expectExactly(await storedEventIds(folder), senders.acknowledged)
  },
  120_000 + rounds * 60_000,
)

const deletions = crashRounds(1)

test(
  `a user is deleted from a running collector wholly or not at all, whenever kill -9 comes, ${deletions} times`,
  async () => {
    const random = seededRandom('kill -9 while a running collector deletes a user')
    const senders = startSenders({ senders: 3 })
    senders.aim(ready.otlpHttp)
    const kept = new Set<number>()
    for (let round = 0; round < deletions; round += 1) {
      const leaving = await sendLeaver(round)
      const { code } = await killedDuring(['delete-user', 'default', `leaver-${round}`], random)
      senders.aim(ready.otlpHttp)
      await senders.send(20)
      expect(await mcpcat(folder, 'store', 'verify')).toMatchObject({ code: 0 })
      const stored = new Set(await storedEventIds(folder))
      const left = leaving.filter((n) => stored.has(eventIdOf(n)))
      expect([0, leaving.length]).toContain(left.length)
      if (code === 0) expect(left).toEqual([])
      for (const n of left) kept.add(n)
    }
    await senders.finish()
    expectExactly(await servedEventIds(ready.dashboard), new Set([...senders.acknowledged, ...kept]))
    expect(await collector.stop()).toMatchObject({ code: 0 })
  },
  120_000 + deletions * 60_000,
)

/** Asks the running collector for it, kills that at any moment, and starts the next one. */
async function killedDuring(operation: readonly string[], random: () => number): Promise<Finished> {
  const command = startMcpcat(folder, 'store', ...operation)
  // About as long as the command needs to start and to be answered.
  await Promise.race([command.finished, delay(random() * 2500)])
  await collector.kill()
  const finished = await command.finished
  await start()
  return finished
}

const LEAVERS_FIRST = 10_000_000
const LEAVERS_EVENTS = 400

/** Stores events of a user in raw sessions of the user's own, half of which do not name the user. */
async function sendLeaver(round: number): Promise<number[]> {
  const numbers = Array.from({ length: LEAVERS_EVENTS }, (_, index) => LEAVERS_FIRST + round * LEAVERS_EVENTS + index)
  const spans = numbers.map((n) => ({
    n,
    attributes: {
      'mcp.session.id': `leaving-${round}-${(n >> 1) % 10}`,
      ...(n % 2 === 0 ? { 'user.id': `leaver-${round}` } : {}),
    },
  }))
  const response = await fetch(`${ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-protobuf' },
    body: new Uint8Array(encodeTraces(mcpTraces(spans))),
  })
  expect(response.status).toBe(200)
  return numbers
}
