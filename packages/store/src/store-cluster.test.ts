import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultRules } from '@mcpcat/sessions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClickHouseOptions } from './engine-clickhouse.js'
import { openClickHouse } from './engine-clickhouse.js'
import { migrate } from './migrations.js'
import { reconcile } from './operations/reconcile.js'
import { verify } from './operations/verify.js'
import type { StoreOptions } from './store.js'
import { openStore } from './store.js'
import type { ClickHouseServer } from './testing/clickhouse-server.js'
import { clickHouseServers } from './testing/clickhouse-server.js'
import { clusterFront } from './testing/cluster-front.js'
import { deliver, expectGold } from './testing/deliveries.js'
import { histories } from './testing/history.js'
import { eventIdOf, T0, traces } from './testing/spans.js'
import { CONTRACT_NOW, describeStore } from './testing/store-contract.js'

let path: string
let nodes: ClickHouseServer[]
let front: Awaited<ReturnType<typeof clusterFront>>

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-cluster-'))
  nodes = await clickHouseServers(path, 2)
  front = await clusterFront(nodes)
})

afterAll(async () => {
  await front.close()
  await Promise.all(nodes.map((node) => node.stop()))
  await rm(path, { recursive: true, force: true })
})

function options(database = 'default'): ClickHouseOptions {
  const cluster = { name: 'test', replicated: false }
  return { url: front.url, username: 'default', password: '', database, timeoutMs: 30_000, cluster }
}

function clusterStore(): StoreOptions {
  return { engine: { clickhouse: options() }, path }
}

describeStore('a cluster of two shards', () => openStore(clusterStore(), () => CONTRACT_NOW))

test('both shards have rows of their own, and none of a row that is elsewhere too', async () => {
  for (const [table, id] of [
    ['events', '(project, event_id)'],
    ['sessions', '(project, session_id)'],
    ['strands', '(project, scope)'],
  ] as const) {
    const ids = await Promise.all(nodes.map((node) => node.ask(`SELECT DISTINCT ${id} FROM ${table}_local`)))
    const [one, two] = ids.map((lines) => lines.trim().split('\n'))
    expect(one?.length, table).toBeGreaterThan(0)
    expect(two?.length, table).toBeGreaterThan(0)
    expect(new Set([...(one ?? []), ...(two ?? [])]).size, table).toBe((one?.length ?? 0) + (two?.length ?? 0))
  }
})

test('an event of a clock that begins at the epoch is an event', async () => {
  const store = await openStore(clusterStore(), () => T0)
  const project = 'epoch'
  for (const startMs of [0, 1, 60_000]) {
    const n = 2_000_000 + startMs
    await store.write(traces([{ n, startMs, attributes: { 'mcp.session.id': 'e' } }], { 'mcpcat.project.id': project }))
  }
  const { items } = await store.listSessions({ project }, { limit: 10 })
  expect(items.map(({ eventCount }) => eventCount)).toEqual([3])
  const events = await store.listSessionEvents(project, items[0]?.id ?? '', { limit: 10 })
  expect(events.items).toHaveLength(3)
  await store.close()
}, 240_000)

const DAY = 24 * 60 * 60_000

test('users and what has expired are deleted on all shards', async () => {
  const store = await openStore(clusterStore(), () => T0)
  const project = 'deletions'
  const resource = { 'mcpcat.project.id': project }
  const users = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay']
  const first = 1_000_000
  await store.write(
    traces(
      users.flatMap((user, i) => [
        { n: first + i, startMs: T0 + i, attributes: { 'mcp.session.id': user, 'user.id': user } },
        { n: first + 100 + i, startMs: T0 - 40 * DAY + i, attributes: { 'mcp.session.id': user, 'user.id': user } },
        { n: first + 200 + i, startMs: T0 + 1000 + i, attributes: { 'mcp.session.id': 'shared', 'user.id': user } },
      ]),
      resource,
    ),
  )
  await store.operations.deleteUser(project, 'ada')
  await store.operations.deleteUser(project, 'bob')
  const left = async (): Promise<(string | undefined)[]> =>
    (await store.listSessions({ project }, { limit: 100 })).items.map(({ user }) => user?.id)
  const others = users.slice(2)
  expect(new Set(await left())).toEqual(new Set(others))
  expect(await store.getEvent(project, eventIdOf(first))).toBeNull()
  const before = (await left()).length

  await store.operations.applyRetention({ projects: { [project]: { days: 30 } } })
  expect(before - (await left()).length).toBe(others.length)
  expect(await store.getEvent(project, eventIdOf(first + 105))).toBeNull()
  expect(await store.getEvent(project, eventIdOf(first + 5))).not.toBeNull()
  expect((await store.operations.verify()).flatMap(({ problems }) => problems)).toEqual([])
  await store.close()
}, 240_000)

/** A nightly-size run sets MCPCAT_CLUSTER_HISTORIES. */
const HISTORIES = Number(process.env['MCPCAT_CLUSTER_HISTORIES'] ?? 30)
const SEED = 1707

test('has the gold sessions however late, shuffled, duplicated and split over collectors events come', async () => {
  for (const node of nodes) await node.ask('CREATE DATABASE histories')
  const engine = await openClickHouse(options('histories'))
  await migrate(engine)
  const all = histories(HISTORIES, SEED)
  await deliver(engine, all, SEED)
  await expectGold(engine, all)

  await engine.command('TRUNCATE TABLE strands')
  await engine.command('TRUNCATE TABLE sessions')
  await reconcile(engine, defaultRules)
  await expectGold(engine, all)
  expect((await verify(engine)).flatMap(({ problems }) => problems)).toEqual([])
  await engine.close()
}, 600_000)
