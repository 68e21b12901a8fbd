import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../engine.js'
import { openEngine } from '../engine-chdb.js'
import type { ClickHouseOptions } from '../engine-clickhouse.js'
import { openClickHouse } from '../engine-clickhouse.js'
import { migrate } from '../migrations.js'
import { storeReader } from '../reader.js'
import { ReadLimitError } from '../reading/page.js'
import type { ClickHouseServer } from '../testing/clickhouse-server.js'
import { clickHouseServers } from '../testing/clickhouse-server.js'

let path: string
let servers: ClickHouseServer[]
const engines: Record<string, Engine> = {}

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-bounds-'))
  servers = await clickHouseServers(path)
  const options: ClickHouseOptions = {
    url: servers[0]?.url ?? '',
    username: 'default',
    password: '',
    database: 'default',
    timeoutMs: 30_000,
  }
  engines['embedded'] = await openEngine(join(path, 'chdb'), join(path, 'backups'))
  engines['server'] = await openClickHouse(options)
  for (const engine of Object.values(engines)) {
    await migrate(engine)
    // Of less than some megabytes the engine keeps no account.
    await engine.command(
      `INSERT INTO events (project, own_key, ts, end_ts, event_id, method, duration_ns)
       SELECT 'p', 'k', toDateTime64('2026-08-01 00:00:00', 9, 'UTC') + number / 5 AS at, at, hex(MD5(toString(number))),
         'tools/call', number
       FROM numbers(300000)`,
    )
  }
}, 240_000)

afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.close()
  await Promise.all(servers.map((each) => each.stop()))
  await rm(path, { recursive: true, force: true })
})

test.each(['embedded', 'server'])('a read of the %s engine that needs too much memory is stopped', async (name) => {
  const engine = engines[name]
  if (!engine) throw new Error(`no engine ${name}`)
  const reader = storeReader(engine, Date.now, { seconds: 20, bytes: 1_000_000 })
  const filter = { project: 'p', from: '2026-08-01T00:00:00Z', to: '2026-08-02T00:00:00Z' }
  await expect(reader.overview(filter)).rejects.toThrow(ReadLimitError)
  await expect(reader.overview(filter)).rejects.toMatchObject({ limit: 'memory' })
  expect((await storeReader(engine, Date.now).overview(filter)).current.calls).toBe(300_000)
})
