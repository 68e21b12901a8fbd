import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Traces } from '@mcpcat/collector'
import type { Engine } from '../engine.js'
import { backupsFolder, engineFolder, openEngine } from '../engine-chdb.js'
import { migrationFiles, sql } from '../sql-files.js'
import { openStore } from '../store.js'

/** The last one of the first schema that was ever released. */
const FIRST_SCHEMA = '0003_sessions'

const TABLES = ['events', 'strands', 'sessions']

/** Makes a data folder as the first released schema has it, with these events and their sessions. */
export async function writeOldStore(path: string, traces: Traces): Promise<void> {
  const today = await mkdtemp(join(tmpdir(), 'mcpcat-today-'))
  const store = await openStore({ engine: 'chdb', path: today })
  await store.write(traces)
  await store.close()

  const schema = migrationFiles().filter(({ name }) => name <= FIRST_SCHEMA)
  const columns = await withEngine(path, async (engine) => {
    await engine.command(sql('create-schema-migrations'))
    for (const { name, statement } of schema) {
      await engine.command(statement)
      const checksum = createHash('sha256').update(statement).digest('hex')
      await engine.insert('schema_migrations', JSON.stringify({ name, checksum }))
    }
    return await engine.query<{ table: string; name: string }>(
      'SELECT table, name FROM system.columns WHERE database = currentDatabase()',
    )
  })
  const rows = await withEngine(today, async (engine) => {
    const copies = new Map<string, object[]>()
    for (const table of TABLES) {
      const names = columns.filter((column) => column.table === table).map(({ name }) => name)
      copies.set(table, await engine.query<object>(`SELECT ${names.join(', ')} FROM ${table}`))
    }
    return copies
  })
  await withEngine(path, async (engine) => {
    for (const [table, copied] of rows) {
      await engine.insert(table, copied.map((row) => JSON.stringify(row)).join('\n'))
    }
  })
  await rm(today, { recursive: true, force: true })
}

async function withEngine<Result>(path: string, task: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await openEngine(engineFolder(path), backupsFolder(path))
  try {
    return await task(engine)
  } finally {
    await engine.close()
  }
}
