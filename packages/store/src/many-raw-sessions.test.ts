import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore, type Store } from './store.js'
import type { ClickHouseServer } from './testing/clickhouse-server.js'
import { clickHouseServers } from './testing/clickhouse-server.js'
import { eventIdOf, T0, traces, type TestSpan } from './testing/spans.js'

/** A client that opens a raw session for every call: more of them in one session than one statement can name. */
const RAW_SESSIONS = 1400
const DAY = 86_400_000

let path: string
let servers: ClickHouseServer[]
let store: Store

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-many-raw-sessions-'))
  servers = await clickHouseServers(path)
  const clickhouse = {
    url: servers[0]?.url ?? '',
    username: 'default',
    password: '',
    database: 'default',
    timeoutMs: 60_000,
  }
  store = await openStore({ engine: { clickhouse }, path }, () => T0 + DAY)
})

afterAll(async () => {
  await store.close()
  await Promise.all(servers.map((each) => each.stop()))
  await rm(path, { recursive: true, force: true })
})

function rawSession(index: number): string {
  return `raw-${index}`.padEnd(120, 'x')
}

/** Of each raw session an event that names the user, and one that does not. */
function spansOf(index: number): TestSpan[] {
  const raw = rawSession(index)
  const startMs = T0 + index * 1000
  return [
    { n: 2 * index + 1, startMs, attributes: { 'mcp.session.id': raw, 'user.id': 'ada' } },
    { n: 2 * index + 2, startMs: startMs + 1, attributes: { 'mcp.session.id': raw } },
  ]
}

test(
  'a session of many raw sessions is assembled, read, kept whole and deleted by a server',
  { timeout: 300_000 },
  async () => {
    const bobs = {
      n: 2 * RAW_SESSIONS + 1,
      startMs: T0 + RAW_SESSIONS * 1000,
      attributes: { 'mcp.session.id': rawSession(0), 'user.id': 'bob' },
    }
    const spans = Array.from({ length: RAW_SESSIONS }, (_, index) => spansOf(index)).flat()
    await store.write(traces([...spans, bobs], { 'mcpcat.project.id': 'busy' }))

    const sessions = (await store.listSessions({ project: 'busy' }, { limit: 10 })).items
    const adas = sessions.find(({ user }) => user?.id === 'ada')
    expect(adas).toMatchObject({ eventCount: 2 * RAW_SESSIONS })

    const ids: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await store.listSessionEvents('busy', adas?.id ?? '', { limit: 1000, ...(cursor && { cursor }) })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(ids).toEqual(Array.from({ length: 2 * RAW_SESSIONS }, (_, index) => eventIdOf(index + 1)))

    // Half of it is older than that.
    await store.operations.applyRetention({ projects: { busy: { days: 1 - (RAW_SESSIONS / 2) * (1000 / DAY) } } })
    expect(await store.getSession('busy', adas?.id ?? '')).toMatchObject({ eventCount: 2 * RAW_SESSIONS })
    expect(await store.getEvent('busy', eventIdOf(1))).toMatchObject({ sessionId: adas?.id })

    await store.operations.deleteUser('busy', 'ada')
    for (const n of [1, 2, RAW_SESSIONS, 2 * RAW_SESSIONS])
      expect(await store.getEvent('busy', eventIdOf(n))).toBeNull()
    const left = (await store.listSessions({ project: 'busy' }, { limit: 10 })).items
    expect(left).toMatchObject([{ user: { id: 'bob' }, eventCount: 1 }])
    expect((await store.operations.verify()).flatMap(({ problems }) => problems)).toEqual([])
  },
)
