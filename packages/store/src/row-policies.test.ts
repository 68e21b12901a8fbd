import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from './sql-files.js'
import { openStore } from './store.js'
import type { ClickHouseServer } from './testing/clickhouse-server.js'
import { clickHouseServers } from './testing/clickhouse-server.js'
import { clusterFront } from './testing/cluster-front.js'
import { T0, traces } from './testing/spans.js'

let path: string
let nodes: ClickHouseServer[]
let front: Awaited<ReturnType<typeof clusterFront>>

const TABLES = ['events', 'sessions', 'session_goals']

/** What the documented statements make, in the only form that the servers of the tests take. */
function readerXml(cluster: boolean): string {
  const database = `policies_${String(cluster)}`
  // The node that is asked reads its own shard as this user.
  const tables = TABLES.flatMap((table) => (cluster ? [table, `${table}_local`] : [table]))
  const grants = tables.map((table) => `<query>GRANT SELECT ON ${database}.${table}</query>`)
  const filters = tables.map((table) => `<${table}><filter>project = 'acme'</filter></${table}>`)
  return `<reader_${String(cluster)}>
    <password>change-me</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
    <grants>${grants.join('')}</grants>
    <databases><${database}>${filters.join('')}</${database}></databases>
  </reader_${String(cluster)}>`
}

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-policies-'))
  nodes = await clickHouseServers(path, 2, [false, true].map(readerXml).join(''))
  front = await clusterFront(nodes)
})

afterAll(async () => {
  await front.close()
  await Promise.all(nodes.map((node) => node.stop()))
  await rm(path, { recursive: true, force: true })
})

test.each([
  ['a server', false],
  ['a cluster', true],
])(
  'on %s, the user of one project sees that project only, and the collector sees all',
  async (_, cluster) => {
    const database = `policies_${String(cluster)}`
    const reader = `reader_${String(cluster)}`
    for (const node of nodes) await node.ask(`CREATE DATABASE ${database}`)
    const store = await openStore({
      engine: {
        clickhouse: {
          url: front.url,
          username: 'default',
          password: '',
          database,
          timeoutMs: 30_000,
          ...(cluster ? { cluster: { name: 'test', replicated: false } } : {}),
        },
      },
      path,
    })
    const projects = ['acme', 'other']
    for (const [index, project] of projects.entries()) {
      const events = Array.from({ length: 20 }, (_x, i) => ({
        n: 1 + index * 100 + i,
        startMs: T0 + i,
        attributes: { 'mcp.session.id': `s${i}` },
      }))
      await store.write(traces(events, { 'mcpcat.project.id': project }))
    }
    const [node] = nodes
    const as = { user: reader, password: 'change-me', database }
    const ask = async (statement: string): Promise<string> => (await node?.ask(statement, as))?.trim() ?? ''
    for (const table of ['events', 'sessions']) {
      expect(await ask(`SELECT arraySort(groupUniqArray(project)), count() FROM ${table} FINAL`)).toBe("['acme']\t20")
      expect(await ask(`SELECT count() FROM ${table} WHERE project = 'other'`)).toBe('0')
    }
    await expect(ask('SELECT count() FROM strands')).rejects.toThrow('Not enough privileges')
    if (cluster) expect(await ask('SELECT groupUniqArray(project) FROM events_local')).toBe("['acme']")
    await expect(ask("INSERT INTO events (project) VALUES ('other')")).rejects.toThrow(/privileges|readonly/)

    const seen = await Promise.all(projects.map((project) => store.listSessions({ project }, { limit: 100 })))
    expect(seen.map(({ items }) => items.length)).toEqual([20, 20])
    await store.close()
  },
  240_000,
)

test('the documented statements are ones that the engine can read', async () => {
  const statements = sql('policies/one-project')
    .split(/;\s*(?:\n|$)/)
    .filter((each) => each.trim() !== '')
  expect(statements.length).toBeGreaterThan(3)
  for (const statement of statements) expect(await nodes[0]?.ask(`EXPLAIN AST ${statement}`)).not.toBe('')
  for (const table of TABLES) {
    expect(statements.filter((each) => each.includes(`mcpcat.${table}`)).length).toBeGreaterThan(2)
  }
})
