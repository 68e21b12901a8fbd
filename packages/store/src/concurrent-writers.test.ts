import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultRules } from '@mcpcat/sessions'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Engine } from './engine.js'
import { openChdb } from './engine-chdb.js'
import { migrate } from './migrations.js'
import { verify } from './operations/verify.js'
import { storeReader } from './reader.js'
import { expectGold } from './testing/deliveries.js'
import type { HistoryEvent } from './testing/history.js'
import { historyEventId, historyTraces } from './testing/history.js'
import { T0 } from './testing/spans.js'
import { storeWriter } from './writer.js'

let path: string
let engine: Engine

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-concurrent-'))
  engine = { ...(await openChdb(path)), exclusive: false }
  await migrate(engine)
  // What was inserted stays beside what replaces it, as it may for a while anywhere.
  await engine.command('SYSTEM STOP MERGES sessions')
})

afterAll(async () => {
  await engine.close()
  await rm(path, { recursive: true, force: true })
})

beforeEach(async () => {
  for (const table of ['events', 'strands', 'sessions']) await engine.command(`TRUNCATE TABLE ${table}`)
})

/** The engine of a writer to which something happens before its inserts of sessions. */
function beforeSessions(happens: () => Promise<void>): Engine {
  return {
    ...engine,
    async insert(table, ...rows) {
      if (table === 'sessions') await happens()
      await engine.insert(table, ...rows)
    },
    async insertBlock(table, ...rows) {
      if (table === 'sessions') await happens()
      await engine.insertBlock(table, ...rows)
    },
  }
}

/** The engine of a writer that ends before its first insert of sessions. */
function dying(): Engine {
  return beforeSessions(() => Promise.reject(new Error('killed')))
}

/** The engine of a writer that is held up before its first insert of sessions. */
function heldUp(): { engine: Engine; reached: Promise<void>; goOn: () => void } {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  return {
    engine: beforeSessions(async () => {
      reached.resolve()
      await released.promise
    }),
    reached: reached.promise,
    goOn: released.resolve,
  }
}

async function write(to: Engine, events: readonly HistoryEvent[]): Promise<void> {
  await storeWriter(to, defaultRules).write(historyTraces(events))
}

function event(n: number, second: number, raw: string, rest: Partial<HistoryEvent> = {}): HistoryEvent {
  return {
    n,
    project: 'concurrent',
    startMs: T0 + second * 1000,
    durationMs: 0,
    raw: { kind: 'protocol', id: raw },
    traceId: n.toString(16).padStart(32, '0'),
    tool: 'add',
    failed: false,
    ...rest,
  }
}

test('two that re-key a session at once, with as many events, leave one id that leads to one session', async () => {
  const all: HistoryEvent[][] = []
  // Which of two rows of one version the engine answers with is open: it has several tries.
  for (let n = 100; n < 140; n += 10) {
    const raw = `rekeyed-${n}`
    const anonymous = event(n, 0, raw)
    const bob = event(n + 1, 10, raw, { user: `bob-${n}` })
    const ada = event(n + 2, 5, raw, { user: `ada-${n}` })
    all.push([anonymous, bob, ada])
    await write(engine, [anonymous])

    const slow = heldUp()
    const writing = write(slow.engine, [bob])
    await slow.reached
    await write(engine, [ada])
    slow.goOn()
    await writing
  }
  await expectGold(engine, all)
  expect((await verify(engine)).flatMap(({ problems }) => problems)).toEqual([])
}, 120_000)

test('a session of events that were re-keyed before it was written is none, wherever it began', async () => {
  const [earliest, first, ada, last] = [
    event(1, 0, 'late'),
    event(2, 10, 'late'),
    event(3, 60, 'late', { user: 'ada' }),
    event(4, 110, 'late'),
  ] as const
  await write(engine, [first])
  await expect(write(dying(), [earliest])).rejects.toThrow('killed')

  const slow = heldUp()
  const writing = write(slow.engine, [last])
  await slow.reached
  await write(engine, [ada])
  slow.goOn()
  await writing

  await expectGold(engine, [[earliest, first, ada, last]])
}, 120_000)

function superseded(id: string, by: string): string {
  return JSON.stringify({ project: 'concurrent', session_id: id, superseded_by: by, version: 1 })
}

test('an id that leads to a superseded one leads on to the session', async () => {
  await write(engine, [event(1, 0, 'chain')])
  const store = storeReader(engine, () => T0)
  const { items } = await store.listSessions({ project: 'concurrent' }, { limit: 2 })
  const live = items[0]?.id ?? ''
  const rows = [
    superseded('one', 'two'),
    superseded('two', live),
    superseded('round', 'about'),
    superseded('about', 'round'),
  ]
  await engine.insert('sessions', rows.join('\n'))
  expect(await store.getSession('concurrent', 'one')).toEqual({ supersededBy: live })
  const events = await store.listSessionEvents('concurrent', 'one', { limit: 2 })
  expect(events.items.map(({ id }) => id)).toEqual([historyEventId(event(1, 0, 'chain'))])
  expect(await store.getSession('concurrent', 'round')).toBeNull()
})
