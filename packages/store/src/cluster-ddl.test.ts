import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ClusterOptions } from './cluster-ddl.js'
import { clusterStatements } from './cluster-ddl.js'
import { openEngine } from './engine-chdb.js'
import { migrationFiles, sql } from './sql-files.js'

const replicas: ClusterOptions = { name: "it's", database: 'mcp\\cat', replicated: true }

test('a table is a local one on every node, and one that is distributed over them', () => {
  const statement = [
    '-- why',
    'CREATE TABLE IF NOT EXISTS sessions',
    '(',
    '    project String',
    ')',
    'ENGINE = ReplacingMergeTree(version)',
    'ORDER BY project',
  ].join('\n')
  expect(clusterStatements(statement, replicas)).toEqual([
    [
      '-- why',
      String.raw`CREATE TABLE IF NOT EXISTS sessions_local ON CLUSTER 'it\'s'`,
      '(',
      '    project String',
      ')',
      'ENGINE = ReplicatedReplacingMergeTree(version)',
      'ORDER BY project',
    ].join('\n'),
    [
      String.raw`CREATE TABLE IF NOT EXISTS sessions ON CLUSTER 'it\'s' AS sessions_local`,
      String.raw`ENGINE = Distributed('it\'s', 'mcp\\cat', 'sessions_local', cityHash64(project, key))`,
    ].join('\n'),
  ])
  const shards = { ...replicas, replicated: false }
  expect(clusterStatements(statement, shards)[0]).toContain('ENGINE = ReplacingMergeTree(version)')
  const path = { ...replicas, keeperPath: '/clickhouse/{shard}/x' }
  expect(clusterStatements(statement, path)[0]).toContain(
    `ENGINE = ReplicatedReplacingMergeTree('/clickhouse/{shard}/x', '{replica}', version)`,
  )
})

function variants(statement: string): string[] {
  return clusterStatements(statement, { ...replicas, name: 'c' })
}

test('what mutates rows goes to the local tables, what reads or inserts stays as it is', () => {
  expect(variants('ALTER TABLE events DELETE WHERE 1')).toEqual([
    "ALTER TABLE events_local ON CLUSTER 'c' DELETE WHERE 1",
  ])
  expect(variants('DELETE FROM events WHERE 1')).toEqual(["DELETE FROM events_local ON CLUSTER 'c' WHERE 1"])
  expect(variants('ALTER TABLE events ADD COLUMN IF NOT EXISTS a Int8')).toEqual([
    "ALTER TABLE events_local ON CLUSTER 'c' ADD COLUMN IF NOT EXISTS a Int8",
    "ALTER TABLE events ON CLUSTER 'c' ADD COLUMN IF NOT EXISTS a Int8",
  ])
  expect(variants('ALTER TABLE events ADD INDEX IF NOT EXISTS i a TYPE minmax')).toEqual([
    "ALTER TABLE events_local ON CLUSTER 'c' ADD INDEX IF NOT EXISTS i a TYPE minmax",
  ])
  for (const name of ['strands-from-events', 'reads/list-sessions', 'fragments']) {
    expect(variants(sql(name))).toEqual([sql(name)])
  }
  expect(() => variants('ALTER TABLE events ADD COLUMN a Int8, ADD INDEX i a TYPE minmax')).toThrow('of their own')
  expect(() => variants('CREATE MATERIALIZED VIEW v AS SELECT 1')).toThrow('no variant for a cluster')
  expect(() => variants('CREATE TABLE IF NOT EXISTS unheard_of (a Int8) ENGINE = MergeTree ORDER BY a')).toThrow(
    'unheard_of',
  )
})

test('every migration has a variant that the engine can read', async () => {
  const path = await mkdtemp(join(tmpdir(), 'mcpcat-ddl-'))
  const engine = await openEngine(join(path, 'chdb'), join(path, 'backups'))
  try {
    const statements = [sql('create-schema-migrations'), ...migrationFiles().map(({ statement }) => statement)]
    for (const statement of statements) {
      for (const keeperPath of [undefined, '/clickhouse/tables/{uuid}/{shard}']) {
        for (const variant of clusterStatements(statement, { ...replicas, keeperPath })) {
          const [row] = await engine.query<{ text: string }>('SELECT formatQuery({statement:String}) AS text', {
            statement: variant,
          })
          expect(row?.text).toContain("ON CLUSTER `it's`")
        }
      }
    }
  } finally {
    await engine.close()
    await rm(path, { recursive: true, force: true })
  }
})
