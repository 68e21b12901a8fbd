import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from './engine.js'
import { openEngine } from './engine-chdb.js'
import type { ClickHouseOptions } from './engine-clickhouse.js'
import { openStore } from './store.js'
import { clickHouseShim } from './testing/clickhouse-shim.js'
import { CONTRACT_NOW, describeStore } from './testing/store-contract.js'

let path: string
let engine: Engine
let shim: Awaited<ReturnType<typeof clickHouseShim>>

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-clickhouse-'))
  engine = await openEngine(join(path, 'chdb'), join(path, 'backups'))
  shim = await clickHouseShim(engine)
})

afterAll(async () => {
  await shim.close()
  await engine.close()
  await rm(path, { recursive: true, force: true })
})

function server(url: string): { clickhouse: ClickHouseOptions } {
  return { clickhouse: { url, username: 'default', password: '', database: 'default', timeoutMs: 30_000 } }
}

describeStore('a ClickHouse server, over HTTP', () => openStore({ engine: server(shim.url), path }, () => CONTRACT_NOW))

test('a server that is not there is one clear line', async () => {
  const opened = openStore({ engine: server('http://127.0.0.1:9'), path })
  await expect(opened).rejects.toThrow(UserError)
  await expect(opened).rejects.toThrow(
    'ClickHouse at http://127.0.0.1:9 (database default, user default) does not answer',
  )
})
