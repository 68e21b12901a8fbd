import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backupsFolder, engineFolder, openEngine } from './engine-chdb.js'
import type { ClickHouseOptions } from './engine-clickhouse.js'
import { openClickHouse } from './engine-clickhouse.js'
import { migrate } from './migrations.js'
import type { SessionEvent } from './reading/events.js'
import { migrationFiles } from './sql-files.js'
import type { Store } from './store.js'
import { openStore } from './store.js'
import type { ClickHouseServer } from './testing/clickhouse-server.js'
import { clickHouseServers } from './testing/clickhouse-server.js'
import { clusterFront } from './testing/cluster-front.js'
import { writeOldStore } from './testing/old-store.js'
import type { TestSpan } from './testing/spans.js'
import { eventIdOf, T0, traces } from './testing/spans.js'

let path: string
let nodes: ClickHouseServer[]
let front: Awaited<ReturnType<typeof clusterFront>>

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-migrations-'))
  nodes = await clickHouseServers(path, 2)
  front = await clusterFront(nodes)
})

afterAll(async () => {
  await front.close()
  await Promise.all(nodes.map((node) => node.stop()))
  await rm(path, { recursive: true, force: true })
})

/** A database of its own on one server, or on the cluster. */
async function target(database: string, cluster: boolean): Promise<ClickHouseOptions> {
  for (const node of nodes) await node.ask(`CREATE DATABASE IF NOT EXISTS ${database}`)
  return {
    url: front.url,
    username: 'default',
    password: '',
    database,
    timeoutMs: 30_000,
    ...(cluster ? { cluster: { name: 'test', replicated: false } } : {}),
  }
}

test.each([
  ['a server', false],
  ['a cluster', true],
])(
  'several collectors open %s that has nothing yet at the same time',
  async (_, cluster) => {
    const clickhouse = await target(`together_${String(cluster)}`, cluster)
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore({ engine: { clickhouse }, path })))
    await Promise.all(
      stores.map((store, n) =>
        store.write(traces([{ n: n + 1, startMs: T0 + n, attributes: { 'mcp.session.id': 'one' } }])),
      ),
    )
    for (const store of stores) {
      const { items } = await store.listSessions({ project: 'default' }, { limit: 10 })
      expect(items.map(({ eventCount }) => eventCount)).toEqual([stores.length])
      expect((await store.operations.verify()).flatMap(({ problems }) => problems)).toEqual([])
    }
    await Promise.all(stores.map((store) => store.close()))
  },
  240_000,
)

test.each([
  ['a server', false],
  ['a cluster', true],
])(
  'migrations of %s that were cut off anywhere are finished by the next start',
  async (_, cluster) => {
    const clickhouse = await target(`halfway_${String(cluster)}`, cluster)
    const engine = await openClickHouse(clickhouse)
    const files = migrationFiles()
    /** Commands that get through before the connection is cut; what is cut may have been carried out. */
    for (let through = 0; ; through++) {
      let left = through
      const cut = (): void => {
        if (left-- <= 0) throw new Error('cut')
      }
      const flaky: typeof engine = {
        ...engine,
        async command(...statement) {
          await engine.command(...statement)
          cut()
        },
        async insert(...rows) {
          cut()
          await engine.insert(...rows)
        },
      }
      try {
        await migrate(flaky)
        break
      } catch (error) {
        expect(String(error)).toContain('cut')
      }
    }
    const rows = await engine.query<{ name: string }>('SELECT name FROM schema_migrations FINAL ORDER BY name')
    expect(rows.map(({ name }) => name)).toEqual(files.map(({ name }) => name))
    await engine.close()
  },
  240_000,
)

test('what was stored under the first schema is read as what is stored now', async () => {
  const data = join(path, 'old')
  const attributes = { 'mcp.session.id': 'one', 'user.id': 'ada', 'gen_ai.tool.name': 'search' }
  const told = (n: number): TestSpan => ({
    n,
    startMs: T0 + n * 1000,
    durationMs: n,
    parent: n + 100,
    attributes: { ...attributes, 'mcpcat.intent': `Find invoice ${n}` },
  })
  const byClient = (n: number): TestSpan => ({
    n: n + 100,
    client: true,
    traceId: eventIdOf(n).slice(0, 32),
    startMs: T0 + n * 1000,
    attributes,
  })
  await writeOldStore(data, traces([told(1), byClient(1), told(2)]))
  let store = await openStore({ engine: 'chdb', path: data })
  await store.write(traces([told(2), told(3), byClient(3)]))
  await expectToldBy(store)
  await store.close()

  // What was stored before and after, merged into one part.
  const engine = await openEngine(engineFolder(data), backupsFolder(data))
  await engine.command('OPTIMIZE TABLE events FINAL')
  await engine.close()
  store = await openStore({ engine: 'chdb', path: data })
  await expectToldBy(store)
  await store.close()
}, 120_000)

/** Three calls, two of which their client told of too. */
async function expectToldBy(store: Store): Promise<void> {
  const filter = { project: 'default', from: '2026-08-01T00:00:00Z', to: '2026-08-02T00:00:00Z' }
  expect((await store.overview(filter)).current).toMatchObject({ sessions: 1, users: 1, calls: 3 })
  const { items } = await store.listIntents({ ...filter, q: 'invoice' }, { limit: 10 })
  expect(items.map(({ eventId }) => eventId)).toEqual([3, 2, 1].map(eventIdOf))
  for (const { eventId, sessionId } of items) {
    expect(await store.getEvent('default', eventId)).toMatchObject({ id: eventId, sessionId, ...idsOf(eventId) })
  }
  const page = await store.listSessionEvents('default', items[0]?.sessionId ?? '', { limit: 10 })
  expect(page.items).toHaveLength(5)
  for (const event of page.items) expect(event).toMatchObject(idsOf(event.id))
}

function idsOf(eventId: string): Pick<SessionEvent, 'traceId' | 'spanId'> {
  const [traceId = '', spanId = ''] = eventId.split('-')
  return { traceId, spanId }
}
