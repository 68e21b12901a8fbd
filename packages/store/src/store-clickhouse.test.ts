import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClickHouseOptions } from './engine-clickhouse.js'
import { migrate } from './migrations.js'
import { readSql } from './operate.js'
import { openClickHouse } from './engine-clickhouse.js'
import { openStore } from './store.js'
import type { ClickHouseServer } from './testing/clickhouse-server.js'
import { clickHouseServers } from './testing/clickhouse-server.js'
import { CONTRACT_NOW, describeStore } from './testing/store-contract.js'

let path: string
let servers: ClickHouseServer[]

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-clickhouse-'))
  servers = await clickHouseServers(path)
})

afterAll(async () => {
  await Promise.all(servers.map((each) => each.stop()))
  await rm(path, { recursive: true, force: true })
})

function server(url: string): { clickhouse: ClickHouseOptions } {
  return { clickhouse: { url, username: 'default', password: '', database: 'default', timeoutMs: 30_000 } }
}

describeStore('a ClickHouse server', () =>
  openStore({ engine: server(servers[0]?.url ?? ''), path }, () => CONTRACT_NOW),
)

test('SQL reads, and does nothing else', async () => {
  const options = { engine: server(servers[0]?.url ?? ''), path }
  let answer = ''
  await readSql(options, 'SELECT count() > 0 FROM events', 'TSV', (text) => (answer += text))
  expect(answer).toBe('1\n')
  for (const statement of ['DROP TABLE events', 'SELECT 1 SETTINGS readonly = 0', 'nonsense']) {
    await expect(readSql(options, statement, 'TSV', () => undefined)).rejects.toThrow(UserError)
  }
})

test('a server that is not there is one clear line', async () => {
  const opened = openStore({ engine: server('http://127.0.0.1:9'), path })
  await expect(opened).rejects.toThrow(UserError)
  await expect(opened).rejects.toThrow(
    'ClickHouse at http://127.0.0.1:9 (database default, user default) does not answer',
  )
})

/** With what has to be escaped. */
function values(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i} ü'\\`.padEnd(40, 'x'))
}

test('as many values as are asked about at once fit into a request', async () => {
  const engine = await openClickHouse(server(servers[0]?.url ?? '').clickhouse)
  await migrate(engine)
  const ids = values(2000)
  const [row] = await engine.query<{ count: string; last: string }>(
    'SELECT length({ids:Array(String)}) AS count, {ids:Array(String)}[-1] AS last',
    { ids },
  )
  expect(row).toEqual({ count: '2000', last: ids.at(-1) })
  // What changes rows names its values in the URL.
  await engine.command(
    'ALTER TABLE sessions DELETE WHERE project = {project:String} AND session_id IN {ids:Array(String)}',
    {
      project: 'none',
      ids: values(1000),
    },
  )
  await engine.close()
})
