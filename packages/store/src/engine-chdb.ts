import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { claimDataFolder, releaseDataFolder } from './data-folder.js'
import type { Engine, Parameters } from './engine.js'

const PACKAGE = 'chdb'

/**
 * ClickHouse in this process, with its files in a folder. One folder per process, one process per
 * folder.
 *
 * @throws UserError when another process has the folder, or the optional package `chdb` is missing.
 */
export async function openChdb(path: string): Promise<Engine> {
  const { Session, drainPending } = await loadChdb()
  await mkdir(path, { recursive: true })
  await claimDataFolder(path)
  const session = await openSession()

  async function openSession(): Promise<InstanceType<typeof Session>> {
    try {
      return new Session(join(path, 'chdb'), {
        connectionArgs: ['--async_load_databases=0', '--output_format_json_quote_64bit_integers=1'],
      })
    } catch (error) {
      await releaseDataFolder(path)
      throw new UserError(
        `cannot open the data folder ${path}: another process is using it, or this user may not write to it`,
        { cause: error },
      )
    }
  }

  return {
    exclusive: true,
    async query<Row>(sql: string, parameters: Parameters = {}) {
      const result = await session.queryBindAsync(sql, parameters, { format: 'JSONEachRow' })
      return parseRows<Row>(result.text())
    },
    async command(sql, parameters = {}) {
      await session.queryBindAsync(sql, parameters)
    },
    async insert(table, rows, token) {
      await session.insert({
        table,
        values: Buffer.from(rows),
        format: 'JSONEachRow',
        ...(token === undefined ? {} : { settings: { insert_deduplication_token: token } }),
      })
    },
    async close() {
      await drainPending()
      session.close()
      await drainPending()
      await releaseDataFolder(path)
    },
  }
}

async function loadChdb(): Promise<typeof import('chdb')> {
  try {
    return await import(PACKAGE)
  } catch (error) {
    throw new UserError(
      `the embedded store needs the optional package ${PACKAGE}, which is not installed or does not support ` +
        `${process.platform}-${process.arch}: run \`npm install ${PACKAGE}\`, or set \`engine: clickhouse\` on the store extension`,
      { cause: error },
    )
  }
}

function parseRows<Row>(text: string): Row[] {
  const rows: Row[] = []
  for (const line of text.split('\n')) if (line) rows.push(JSON.parse(line) as Row)
  return rows
}
