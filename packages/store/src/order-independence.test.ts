import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultRules, sessionTracker } from '@mcpcat/sessions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from './engine.js'
import { openChdb } from './engine-chdb.js'
import { EventReader } from './event-reader.js'
import { migrate } from './migrations.js'
import { reconcile } from './operations/reconcile.js'
import { verify } from './operations/verify.js'
import { upkeepInMemory } from './recent/upkeep-in-memory.js'
import { goldSessions } from './testing/gold-sessions.js'
import type { HistoryEvent } from './testing/history.js'
import { histories, historyEventId, historyTraces } from './testing/history.js'
import { shuffled } from './testing/random.js'
import { deliver, expectGold } from './testing/deliveries.js'
import type { StoreWriter } from './writer.js'
import { storeWriter } from './writer.js'

/** A nightly-size run sets MCPCAT_HISTORIES, and MCPCAT_HISTORIES_SEED to see others. */
const COUNT = Number(process.env['MCPCAT_HISTORIES'] ?? 1000)
const SEED = Number(process.env['MCPCAT_HISTORIES_SEED'] ?? 2026)

describe('placing events as they pass', () => {
  test('agrees with the gold sessions of all that has passed', () => {
    for (const [index, history] of histories(COUNT, SEED).entries()) {
      const tracker = sessionTracker(defaultRules, { maxStrands: 1000, rememberMs: 1e12 }, () => 0)
      const order = shuffled([...history, ...history.slice(0, 2)], SEED + index)
      const half = Math.ceil(order.length / 2)
      tracker.place(order.slice(0, half).map(tracked))
      const seen = tracker
        .place(order.map(tracked))
        .map(({ sessionId, source, confidence }) => ({ sessionId, source, confidence }))
      const gold = goldSessions(history)
      const expected = order.map((event) => {
        const session = gold.find(({ events }) => events.includes(historyEventId(event)))
        return { sessionId: session?.id, source: session?.source, confidence: session?.confidence }
      })
      expect(seen, `history ${index}`).toEqual(expected)
    }
  })
})

const reader = new EventReader(defaultRules)

function tracked(event: HistoryEvent): Parameters<ReturnType<typeof sessionTracker>['place']>[0][number] {
  const [group] = historyTraces([event]).resourceSpans
  const span = group?.scopeSpans[0]?.spans[0]
  if (!span || !reader.read(span, group.resource)) throw new Error('not an event')
  const { eventId, start, end, known } = reader
  return { eventId, start, end, strand: known.strand }
}

describe('a store', () => {
  let path: string
  let engine: Engine

  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'mcpcat-order-'))
    engine = await openChdb(path)
    await migrate(engine)
  })

  afterAll(async () => {
    await engine.close()
    await rm(path, { recursive: true, force: true })
  })

  test('has the gold sessions after every delivery, however late, shuffled, duplicated and split over collectors', async () => {
    const all = histories(COUNT, SEED)
    await deliver(engine, all, SEED)
    await expectGold(engine, all)
    expect(await problems()).toEqual([])

    // What is derived can be derived again, from the events alone.
    await engine.command('TRUNCATE TABLE strands')
    await engine.command('TRUNCATE TABLE sessions')
    expect(await problems()).not.toEqual([])
    await reconcile(engine, defaultRules)
    await expectGold(engine, all)
    expect(await problems()).toEqual([])
  }, 600_000)

  test.for([
    { name: 'from memory', limits: { mostEvents: 1_000_000, intervalMs: 0 }, restarts: false },
    { name: 'from memory that holds little', limits: { mostEvents: 200, intervalMs: 5 }, restarts: false },
    { name: 'across restarts', limits: { mostEvents: 5_000, intervalMs: 5 }, restarts: true },
  ])(
    'has the gold sessions $name, however late, shuffled and duplicated they come',
    { timeout: 600_000 },
    async ({ limits, restarts }) => {
      for (const table of ['events', 'strands', 'sessions']) await engine.command(`TRUNCATE TABLE ${table}`)
      const all = histories(COUNT, SEED + 1)
      const rounds = 8
      const parcels = Array.from({ length: rounds }, (): HistoryEvent[] => [])
      for (const [index, history] of all.entries()) {
        // Most come in order, as events do; of every third history some come again, or too late.
        const again = index % 3 === 0 ? history.filter((_, i) => i % 3 === 0) : []
        const deliveries = index % 3 === 1 ? history : shuffled([...history, ...again], SEED - index)
        for (const [i, event] of deliveries.entries()) {
          parcels[Math.floor((i * rounds) / deliveries.length)]?.push(event)
        }
      }
      const writer = (): StoreWriter => storeWriter(engine, defaultRules, upkeepInMemory(engine, defaultRules, limits))
      let current = writer()
      for (const parcel of parcels) {
        if (restarts) {
          await current.close()
          current = writer()
        }
        const half = Math.ceil(parcel.length / 2)
        await Promise.all([
          current.write(historyTraces(parcel.slice(0, half))),
          current.write(historyTraces(parcel.slice(half))),
        ])
      }
      await current.settled()
      await expectGold(engine, all)
      expect(await problems()).toEqual([])

      // What memory made of the events is what the engine makes of them.
      const before = await versions()
      await current.exclusively(() => reconcile(engine, defaultRules))
      expect(await versions()).toEqual(before)
      await current.close()
    },
  )

  async function versions(): Promise<unknown[]> {
    return engine.query('SELECT session_id, version, content_hash FROM sessions FINAL ORDER BY session_id')
  }

  async function problems(): Promise<string[]> {
    return (await verify(engine)).flatMap((report) => report.problems)
  }
})
