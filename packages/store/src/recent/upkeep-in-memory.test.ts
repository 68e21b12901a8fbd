import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultRules } from '@mcpcat/sessions'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Engine } from '../engine.js'
import { openChdb } from '../engine-chdb.js'
import { migrate } from '../migrations.js'
import { verify } from '../operations/verify.js'
import { sql } from '../sql-files.js'
import { expectGold } from '../testing/deliveries.js'
import type { HistoryEvent } from '../testing/history.js'
import { historyTraces } from '../testing/history.js'
import { T0 } from '../testing/spans.js'
import { storeWriter } from '../writer.js'
import { MOST_STRETCHES, stretchOf } from './seen-keys.js'
import { upkeepInMemory } from './upkeep-in-memory.js'

let path: string
let engine: Engine

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-recent-'))
  engine = await openChdb(path)
  await migrate(engine)
})

afterAll(async () => {
  await engine.close()
  await rm(path, { recursive: true, force: true })
})

beforeEach(async () => {
  for (const table of ['events', 'strands', 'sessions']) await engine.command(`TRUNCATE TABLE ${table}`)
})

/**
 * Writes the parcels one after the other, sessions brought up to date after each.
 *
 * @returns how often the engine was asked for fragments: for what memory cannot tell.
 */
async function delivered(parcels: readonly HistoryEvent[][], mostEvents = 1000): Promise<number> {
  let asked = 0
  const counting: Engine = {
    ...engine,
    async query(statement, parameters) {
      if (statement === sql('fragments')) asked += 1
      return await engine.query(statement, parameters)
    },
  }
  const writer = storeWriter(
    counting,
    defaultRules,
    upkeepInMemory(counting, defaultRules, { mostEvents, intervalMs: 60_000 }),
  )
  for (const parcel of parcels) {
    await writer.write(historyTraces(parcel))
    await writer.settled()
  }
  await writer.close()
  return asked
}

async function expectGoldOf(events: readonly HistoryEvent[]): Promise<void> {
  await expectGold(engine, [[...events]])
  expect((await verify(engine)).flatMap(({ problems }) => problems)).toEqual([])
}

let events = 0

function event(second: number, raw: string, rest: Partial<HistoryEvent> = {}): HistoryEvent {
  events += 1
  return {
    n: events,
    project: 'recent',
    startMs: T0 + second * 1000,
    durationMs: 100,
    raw: { kind: 'protocol', id: raw },
    traceId: events.toString(16).padStart(32, '0'),
    tool: `tool-${events % 20}`,
    failed: events % 7 === 0,
    intent: `Looking at ${events % 30}`,
    ...rest,
  }
}

function times(count: number, eventAt: (index: number) => HistoryEvent): HistoryEvent[] {
  return Array.from({ length: count }, (_, index) => eventAt(index))
}

test('sessions that go on, and new ones, are told from memory alone', async () => {
  const long = times(60, (index) => event(index * 60, 'long', { client: 'claude' }))
  const paused = times(6, (index) => event(index * 31 * 60, 'paused'))
  const handled = times(20, (index) => event(20_000 - index * 600, `raw-${index % 3}`, { handle: 'conversation' }))
  const ada = times(12, (index) => event(index * 1500, `of-ada-${index}`, { user: 'ada', client: 'cursor' }))
  const atOnce = times(9, () => event(5, 'at once'))
  const all = [long, paused, handled, ada, atOnce]
  const parcels = long.map((_, index) => all.flatMap((history) => history[index] ?? []))
  expect(await delivered(parcels)).toBe(0)
  await expectGoldOf(all.flat())
})

test('sessions are the same, whenever they are written and however busy they are then', async () => {
  const upkeep = upkeepInMemory(engine, defaultRules, { mostEvents: 1000, intervalMs: 20 })
  const writer = storeWriter(engine, defaultRules, upkeep)
  const short = times(40, (index) => event(index * 10, `short-${index % 8}`, { client: 'claude' }))
  const paused = times(40, (index) => event(index * 9 * 60, `paused-${index % 2}`, index % 3 ? { user: 'ada' } : {}))
  for (const [index, first] of short.entries()) {
    await writer.write(historyTraces([first, paused[index] as HistoryEvent]))
    if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 60))
  }
  await writer.close()
  expect(upkeep.unfinished).toBe(false)
  await expectGoldOf([...short, ...paused])
})

test('an event that comes again, at once, later, or among others, counts once', async () => {
  const session = times(8, (index) => event(index, 'again'))
  const [first, second, third, , , , , last] = session as [HistoryEvent, HistoryEvent, HistoryEvent, ...HistoryEvent[]]
  const after = event(20, 'again')
  const other = times(3, (index) => event(index, 'other'))
  const notAgain = event(30, 'not again')
  const asked = await delivered([
    [first, second, second, third],
    session.slice(3),
    [last as HistoryEvent],
    [after, third, ...other],
    [first, other[1] as HistoryEvent, notAgain],
  ])
  expect(asked).toBeGreaterThan(0)
  await expectGoldOf([...session, after, ...other, notAgain])
})

test('an event between others that are held is told from memory', async () => {
  const session = times(40, (index) => event(index * 2000, 'holes'))
  const holes = times(39, (index) => event(index * 2000 + 1000, 'holes'))
  const early = event(-50, 'holes')
  expect(await delivered([session.slice(0, 20), session.slice(20), holes.toReversed(), [early]])).toBe(0)
  await expectGoldOf([...session, ...holes, early])
})

test('a session that memory let go of goes on', async () => {
  const sessions = times(6, (index) => event(index, `many-${index}`)).map((first) => [first])
  const parcels: HistoryEvent[][] = []
  for (let round = 0; round < 5; round++) {
    for (const [index, session] of sessions.entries()) {
      // The first one goes on with every parcel, and so is the last to be let go.
      const parcel = [event(100 + round * 60 + index, `many-${index}`), event(100 + round * 60 + index + 0.5, 'many-0')]
      session.push(...parcel.slice(0, 1))
      sessions[0]?.push(...parcel.slice(1))
      parcels.push(parcel)
    }
  }
  const asked = await delivered([sessions.flatMap((session) => session.slice(0, 1)), ...parcels], 12)
  expect(asked).toBeGreaterThan(0)
  await expectGoldOf(sessions.flat())
})

test('of a session of a century little is read when the store opens, and it goes on', async () => {
  const century = 100 * 365 * 24 * 3600
  const long = [event(0, 'first', { handle: 'century' }), event(century, 'last', { handle: 'century' })]
  const short = times(3, (index) => event(index, 'short'))
  await delivered([[...long, ...short]])
  const known = { stretch: stretchOf(defaultRules), most_stretches: MOST_STRETCHES }
  expect((await engine.query(sql('seen-keys'), known)).length).toBeLessThan(10)
  const [count] = await engine.query<{ rows: string }>(sql('count-seen'), known)
  expect(Number(count?.rows)).toBeLessThan(3000)

  const within = event(century / 2, 'between', { handle: 'century' })
  const after = event(century + 60, 'last', { handle: 'century' })
  const further = event(10, 'short')
  await delivered([[within], [after, further]])
  await expectGoldOf([...long, ...short, within, after, further])
})

test('who it was becomes known late', async () => {
  const anonymous = times(10, (index) => event(10 + index, 'whose'))
  const others = times(5, (index) => event(60 + index, 'of-bob', { user: 'bob', client: 'claude' }))
  const bob = event(40, 'whose', { user: 'bob', client: 'claude' })
  const ada = event(5, 'whose', { user: 'ada' })
  const more = times(3, (index) => event(50 + index, 'whose'))
  expect(await delivered([anonymous, others, [bob], more.slice(0, 2), [ada], more.slice(2)])).toBe(0)
  await expectGoldOf([...anonymous, ...others, bob, ada, ...more])
})
