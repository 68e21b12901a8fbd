import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultRules, sessionTracker } from '@mcpcat/sessions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from './engine.js'
import { openChdb } from './engine-chdb.js'
import { eventRow } from './event-row.js'
import { migrate } from './migrations.js'
import { reconcile } from './operations/reconcile.js'
import { verify } from './operations/verify.js'
import { goldSessions } from './testing/gold-sessions.js'
import type { GoldSession } from './testing/gold-sessions.js'
import type { HistoryEvent } from './testing/history.js'
import { histories, historyEventId, historyTraces } from './testing/history.js'
import { shuffled } from './testing/random.js'
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

function tracked(event: HistoryEvent): Parameters<ReturnType<typeof sessionTracker>['place']>[0][number] {
  const [group] = historyTraces([event]).resourceSpans
  const span = group?.scopeSpans[0]?.spans[0]
  const row = span && eventRow(span, group.resource, defaultRules)
  if (!row) throw new Error('not an event')
  return row
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

  interface Stored extends GoldSession {
    reason?: string
  }

  async function storedSessions(): Promise<Stored[]> {
    const rows = await engine.query<Omit<Stored, 'startMs' | 'endMs'> & { startMs: string; endMs: string }>(`
      WITH parts AS (
        SELECT DISTINCT project, session_id, part.1 AS own_key, part.2 AS scope, part.3 AS start, part.4 AS end
        FROM sessions FINAL
        ARRAY JOIN arrayZip(part_own_keys, part_scopes, part_starts, part_ends) AS part
        WHERE superseded_by = '' AND is_deleted = 0
      ), members AS (
        SELECT p.project AS project, p.session_id AS session_id,
               arrayMap(e -> e.2, arraySort(groupArray((ts, event_id)))) AS ids
        FROM (SELECT project, own_key, scope, ts, event_id FROM events FINAL) AS e
        INNER JOIN parts AS p ON p.project = e.project AND p.own_key = e.own_key AND p.scope = e.scope
        WHERE e.ts >= p.start AND e.ts <= p.end
        GROUP BY project, session_id
      )
      SELECT s.session_id AS id, s.project AS project, m.ids AS events, source, round(confidence, 3) AS confidence,
             event_count AS eventCount, tool_calls AS toolCalls, errors, tools, user_id AS user, client_name AS client,
             first_intent AS firstIntent, toUnixTimestamp64Milli(start) AS startMs, toUnixTimestamp64Milli(end) AS endMs
      FROM (SELECT * FROM sessions FINAL WHERE superseded_by = '' AND is_deleted = 0) AS s
      LEFT JOIN members AS m ON m.project = s.project AND m.session_id = s.session_id
      ORDER BY id`)
    return rows.map((row) => ({ ...row, startMs: Number(row.startMs), endMs: Number(row.endMs) }))
  }

  /** Rows of sessions that are none any more, with where they lead. */
  async function dangling(): Promise<unknown[]> {
    return engine.query(`
      SELECT s.session_id AS id, s.superseded_by AS to FROM (SELECT * FROM sessions FINAL) AS s
      LEFT JOIN (SELECT * FROM sessions FINAL WHERE superseded_by = '' AND is_deleted = 0) AS live
        ON live.project = s.project AND live.session_id = s.superseded_by
      WHERE s.is_deleted = 1 OR (s.superseded_by != '' AND live.session_id = '')
         OR (s.superseded_by != '' AND NOT has(live.supersedes, s.session_id))`)
  }

  async function expectGold(all: readonly HistoryEvent[][]): Promise<void> {
    const gold = all.flatMap((history) => goldSessions(history)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const stored = await storedSessions()
    const known = new Map(stored.map((session) => [session.id, session]))
    // One history at a time: a difference then names little.
    for (const [index, history] of all.entries()) {
      const expected = goldSessions(history)
      expect(
        expected.map(({ id }) => known.get(id)),
        `history ${index}`,
      ).toEqual(expected)
    }
    expect(stored.map(({ id }) => id)).toEqual(gold.map(({ id }) => id))
    expect(await dangling()).toEqual([])
  }

  test('has the gold sessions after every delivery, however late, shuffled, duplicated and split over collectors', async () => {
    const all = histories(COUNT, SEED)
    // Four collectors that know nothing of each other.
    const shared: Engine = { ...engine, exclusive: false }
    const collectors = Array.from({ length: 4 }, () => storeWriter(shared, defaultRules))
    const rounds = 3
    const parcels = Array.from({ length: rounds * collectors.length }, (): HistoryEvent[] => [])
    for (const [index, history] of all.entries()) {
      const used = 1 + (index % collectors.length)
      const deliveries = shuffled([...history, ...history.filter((_, i) => i % 3 === index % 3)], SEED - index)
      for (const [i, event] of deliveries.entries()) {
        const round = Math.floor((i * rounds) / deliveries.length)
        parcels[round * collectors.length + (i % used)]?.push(event)
      }
    }
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        collectors.map((collector, i) =>
          collector.write(historyTraces(shuffled(parcels[round * collectors.length + i] ?? [], SEED + round))),
        ),
      )
    }
    await expectGold(all)
    expect(await problems()).toEqual([])

    // What is derived can be derived again, from the events alone.
    await engine.command('TRUNCATE TABLE strands')
    await engine.command('TRUNCATE TABLE sessions')
    expect(await problems()).not.toEqual([])
    await reconcile(engine, defaultRules)
    await expectGold(all)
    expect(await problems()).toEqual([])
  }, 600_000)

  async function problems(): Promise<string[]> {
    return (await verify(engine)).flatMap((report) => report.problems)
  }
})
