import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClickHouseOptions } from '../engine-clickhouse.js'
import { migrationFiles } from '../sql-files.js'
import type { Store, StoreOptions } from '../store.js'
import { moveStore, openStore } from '../store.js'
import type { ClickHouseServer } from '../testing/clickhouse-server.js'
import { clickHouseServers } from '../testing/clickhouse-server.js'
import { clusterFront } from '../testing/cluster-front.js'
import { T0, traces } from '../testing/spans.js'

const DAY = 24 * 60 * 60_000

let path: string
let nodes: ClickHouseServer[]
let front: Awaited<ReturnType<typeof clusterFront>>
let source: StoreOptions
/** What the source answers. */
let before: unknown

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-move-'))
  nodes = await clickHouseServers(path, 2)
  front = await clusterFront(nodes)
  source = { engine: 'chdb', path: join(path, 'source') }
  const store = await openStore(source, () => T0)
  for (const day of [0, 1, 2]) {
    const events = Array.from({ length: 40 }, (_, i) => ({
      n: 1 + day * 100 + i,
      startMs: T0 - day * DAY + (i % 4) * 1000,
      attributes: { 'mcp.session.id': `s${day}-${i % 4}`, 'gen_ai.tool.call.arguments': '{"text":"ü \\u0001 \\n"}' },
    }))
    await store.write(traces(events, { 'mcpcat.project.id': day === 2 ? 'other' : 'main' }))
    // A late identify, whose old ids have to lead somewhere in the target too.
    const identify = events.slice(0, 3).map((event, i) => ({
      ...event,
      n: 10_000 + day * 100 + i,
      startMs: event.startMs - 1,
      attributes: { ...event.attributes, 'user.id': `u${i}` },
    }))
    await store.write(traces(identify, { 'mcpcat.project.id': day === 2 ? 'other' : 'main' }))
  }
  before = await contents(store)
  await store.close()
})

afterAll(async () => {
  await front.close()
  await Promise.all(nodes.map((node) => node.stop()))
  await rm(path, { recursive: true, force: true })
})

async function target(database: string, cluster: boolean): Promise<ClickHouseOptions> {
  for (const node of nodes) await node.ask(`CREATE DATABASE ${database}`)
  return {
    url: front.url,
    username: 'default',
    password: '',
    database,
    timeoutMs: 30_000,
    ...(cluster ? { cluster: { name: 'test', replicated: false } } : {}),
  }
}

/** All sessions with their events, and where ids that are none any more lead. */
async function contents(store: Store): Promise<unknown> {
  const found = []
  for (const project of await store.projects()) {
    const { items } = await store.listSessions({ project }, { limit: 100 })
    for (const session of items) {
      const events = await store.listSessionEvents(project, session.id, { limit: 100 })
      const earlier = await Promise.all(session.supersedes.map((id) => store.getSession(project, id)))
      const first = await store.getEvent(project, events.items[0]?.id ?? '')
      found.push({ session, events, earlier, first })
    }
  }
  return found
}

test.each([
  ['a server', false],
  ['a cluster', true],
])(
  'a store that is moved to %s answers as before, also when the move was cut off',
  async (_, cluster) => {
    const to = await target(`moved_${String(cluster)}`, cluster)
    let calls = 0
    const cutOff = moveStore(source, to, {
      progress: () => {
        if (++calls === 4) throw new Error('cut off')
      },
    })
    await expect(cutOff).rejects.toThrow('cut off')
    const seen: [number, number][] = []
    const moved = await moveStore(source, to, { progress: (done, total) => seen.push([done, total]) })
    expect(moved).toContainEqual({ table: 'events', source: 129, target: 129 })
    for (const table of moved) expect(table.target).toBe(table.source)
    const [done, total] = seen.at(-1) ?? []
    expect(done).toBe(total)

    const store = await openStore({ engine: { clickhouse: to }, path }, () => T0)
    expect(await contents(store)).toEqual(before)
    expect((await store.operations.verify()).flatMap(({ problems }) => problems)).toEqual([])
    await store.close()
    const untouched = await openStore(source, () => T0)
    expect(await contents(untouched)).toEqual(before)
    await untouched.close()
  },
  240_000,
)

test('a target with other data is refused, unless it shall be added to', async () => {
  const to = await target('taken', false)
  const store = await openStore({ engine: { clickhouse: to }, path }, () => T0)
  const mine = { n: 99_999, startMs: T0 + 500, attributes: { 'mcp.session.id': 's0-1' } }
  await store.write(traces([mine, { ...mine, n: 99_998 }], { 'mcpcat.project.id': 'main' }))
  await store.write(traces([{ ...mine, n: 99_997 }], { 'mcpcat.project.id': 'theirs' }))
  await expect(moveStore(source, to)).rejects.toThrow(UserError)
  await expect(moveStore(source, to)).rejects.toThrow('has data of its own')

  await moveStore(source, to, { merge: true })
  expect(await store.projects()).toEqual(['main', 'other', 'theirs'])
  const { items } = await store.listSessions({ project: 'main' }, { limit: 100 })
  // One conversation of which each had a part.
  expect(items.filter(({ mcpSessionIds }) => mcpSessionIds[0] === 's0-1').map(({ eventCount }) => eventCount)).toEqual([
    13,
  ])
  expect((await store.operations.verify()).flatMap(({ problems }) => problems)).toEqual([])
  await store.close()
}, 240_000)

test('every table is moved', async () => {
  const to = await target('all_tables', false)
  const moved = await moveStore({ engine: 'chdb', path: join(path, 'empty') }, to)
  const tables = migrationFiles().flatMap(
    ({ statement }) => /CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1] ?? [],
  )
  expect(moved.map(({ table }) => table).toSorted()).toEqual(tables.toSorted())
})
