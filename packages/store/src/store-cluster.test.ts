import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoreOptions } from './store.js'
import { openStore } from './store.js'
import type { ClickHouseServer } from './testing/clickhouse-server.js'
import { clickHouseServers } from './testing/clickhouse-server.js'
import { clusterFront } from './testing/cluster-front.js'
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

function cluster(): StoreOptions {
  const database = 'default'
  return {
    engine: {
      clickhouse: {
        url: front.url,
        username: 'default',
        password: '',
        database,
        timeoutMs: 30_000,
        cluster: { name: 'test', replicated: false },
      },
    },
    path,
  }
}

describeStore('a cluster of two shards', () => openStore(cluster(), () => CONTRACT_NOW))

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
