import { createHash } from 'node:crypto'
import { UserError } from '@mcpcat/collector'
import type { Engine } from './engine.js'
import { migrationFiles, sql } from './sql-files.js'

/**
 * Brings the schema up to date. Each file is one idempotent statement and is recorded with its
 * checksum after it ran, so a start that was cut off continues where it stopped.
 *
 * @throws UserError when the store was written by a newer version, or a file that ran was changed.
 */
export async function migrate(engine: Engine): Promise<void> {
  await engine.command(sql('create-schema-migrations'))
  const applied = new Map<string, string>()
  for (const row of await engine.query<{ name: string; checksum: string }>(sql('list-schema-migrations'))) {
    applied.set(row.name, row.checksum)
  }
  for (const { name, statement } of migrationFiles()) {
    const checksum = createHash('sha256').update(statement).digest('hex')
    const known = applied.get(name)
    applied.delete(name)
    if (known === checksum) continue
    if (known !== undefined) {
      throw new UserError(
        `the store's schema migration ${name} differs from the one of this version: restore it or use the version that wrote the store`,
      )
    }
    await engine.command(statement)
    await engine.insert('schema_migrations', JSON.stringify({ name, checksum }))
  }
  const [unknown] = applied.keys()
  if (unknown !== undefined) {
    throw new UserError(`the store was written by a newer version (schema migration ${unknown}): update mcpcat`)
  }
}
