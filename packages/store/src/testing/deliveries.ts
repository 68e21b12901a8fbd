import { defaultRules } from '@mcpcat/sessions'
import { expect } from 'vitest'
import type { Engine } from '../engine.js'
import { storeWriter } from '../writer.js'
import type { GoldSession } from './gold-sessions.js'
import { goldSessions } from './gold-sessions.js'
import type { HistoryEvent } from './history.js'
import { historyTraces } from './history.js'
import { shuffled } from './random.js'

/** Writes histories in parcels, late, shuffled, duplicated and split over four collectors. */
export async function deliver(engine: Engine, all: readonly HistoryEvent[][], seed: number): Promise<void> {
  // Four collectors that know nothing of each other.
  const shared: Engine = { ...engine, exclusive: false }
  const collectors = Array.from({ length: 4 }, () => storeWriter(shared, defaultRules))
  const rounds = 3
  const parcels = Array.from({ length: rounds * collectors.length }, (): HistoryEvent[] => [])
  for (const [index, history] of all.entries()) {
    const used = 1 + (index % collectors.length)
    const deliveries = shuffled([...history, ...history.filter((_, i) => i % 3 === index % 3)], seed - index)
    for (const [i, event] of deliveries.entries()) {
      const round = Math.floor((i * rounds) / deliveries.length)
      parcels[round * collectors.length + (i % used)]?.push(event)
    }
  }
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      collectors.map((collector, i) =>
        collector.write(historyTraces(shuffled(parcels[round * collectors.length + i] ?? [], seed + round))),
      ),
    )
  }
}

interface Stored extends GoldSession {
  reason?: string
}

async function storedSessions(engine: Engine): Promise<Stored[]> {
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
async function dangling(engine: Engine): Promise<unknown[]> {
  return engine.query(`
    SELECT s.session_id AS id, s.superseded_by AS to FROM (SELECT * FROM sessions FINAL) AS s
    LEFT JOIN (SELECT * FROM sessions FINAL WHERE superseded_by = '' AND is_deleted = 0) AS live
      ON live.project = s.project AND live.session_id = s.superseded_by
    WHERE s.is_deleted = 1 OR (s.superseded_by != '' AND live.session_id = '')
       OR (s.superseded_by != '' AND NOT has(live.supersedes, s.session_id))`)
}

/** Every history's sessions are the gold ones, and whatever is none any more leads to one. */
export async function expectGold(engine: Engine, all: readonly HistoryEvent[][]): Promise<void> {
  const gold = all.flatMap((history) => goldSessions(history)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const stored = await storedSessions(engine)
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
  expect(await dangling(engine)).toEqual([])
}
