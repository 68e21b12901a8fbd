import { readdirSync, readFileSync } from 'node:fs'
import { underCondition } from './sql-conditions.js'

const folder = new URL('../sql/', import.meta.url)
const loaded = new Map<string, string>()

/**
 * The statement in `sql/<name>.sql`, read once. A line `@<name>` stands for another file: what several
 * statements share is said once. With `-- when <parameter>` behind it, that holds for every line of the file.
 */
export function sql(name: string): string {
  let statement = loaded.get(name)
  if (statement === undefined) {
    statement = readFileSync(new URL(`${name}.sql`, folder), 'utf8')
      .trim()
      .replaceAll(/^@([\w/-]+)(?: -- when (\w+))?$/gm, (_, part: string, condition = '') =>
        underCondition(sql(part), condition),
      )
    loaded.set(name, statement)
  }
  return statement
}

export interface MigrationFile {
  /** For example `0001_events`; names order migrations. */
  readonly name: string
  readonly statement: string
}

/** The files in `sql/migrations`, in order; one statement each. */
export function migrationFiles(): MigrationFile[] {
  return readdirSync(new URL('migrations/', folder))
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
    .map((file) => {
      const name = file.slice(0, -'.sql'.length)
      return { name, statement: sql(`migrations/${name}`).replace(/;\s*$/, '') }
    })
}
