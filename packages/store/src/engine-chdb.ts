import { closeSync, constants, existsSync, ftruncateSync, openSync, writevSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { chdbConfig } from './chdb-config.js'
import { claimDataFolder, releaseDataFolder } from './data-folder.js'
import type { Engine, Parameters } from './engine.js'
import { diskFull, engineError, statementError } from './engine-errors.js'
import { readOnlyStatement } from './read-only.js'

const PACKAGE = 'chdb'

/** Where the engine keeps its files, below the data folder. */
export function engineFolder(path: string): string {
  return join(path, 'chdb')
}

/** Where a restore works; it takes the engine's place when it is complete. */
export function restoringFolder(path: string): string {
  return `${engineFolder(path)}.partial`
}

/** The only folder that the engine may write backups into. */
export function backupsFolder(path: string): string {
  return join(resolve(path), 'backups')
}

/**
 * ClickHouse in this process, with its files in a folder. One folder per process, one process per
 * folder.
 *
 * @throws UserError when another process has the folder, or the optional package `chdb` is missing.
 */
export async function openChdb(path: string): Promise<Engine> {
  await loadChdb()
  const { leftUnfinished } = await claimDataFolder(path)
  try {
    refuseHalfRestored(path)
    const engine = await openEngine(engineFolder(path), backupsFolder(path))
    return {
      ...engine,
      leftUnfinished,
      async close(unfinished = false) {
        await engine.close()
        if (!unfinished) await releaseDataFolder(path)
      },
    }
  } catch (error) {
    if (!leftUnfinished) await releaseDataFolder(path)
    throw error
  }
}

/** @throws UserError where a restore was cut off: an empty store in its place would look as if all were lost. */
function refuseHalfRestored(path: string): void {
  if (!existsSync(restoringFolder(path)) || existsSync(engineFolder(path))) return
  throw new UserError(
    `a restore into the data folder ${path} was cut off: run \`mcpcat store restore\` again, ` +
      `or remove ${restoringFolder(path)} to start with an empty store`,
  )
}

/** @param backups the only folder that it may write backups into, or read them from. */
export async function openEngine(folder: string, backups: string): Promise<Engine> {
  const { Session, drainPending } = await loadChdb()
  await mkdir(folder, { recursive: true })
  await mkdir(backups, { recursive: true })
  const incoming = resolve(`${folder}.incoming`)
  await mkdir(incoming, { recursive: true })
  let files = 0
  const freeFiles: string[] = []
  const configFile = `${folder}.xml`
  await writeFile(configFile, chdbConfig(backups))
  const session = openSession()
  // A session does one thing after the other: what others must not wait for has one of its own.
  let reading: InstanceType<typeof Session> | undefined
  let apartSession: InstanceType<typeof Session> | undefined

  function openSession(): InstanceType<typeof Session> {
    try {
      return new Session(folder, {
        connectionArgs: [
          '--async_load_databases=0',
          '--output_format_json_quote_64bit_integers=1',
          `--config-file=${configFile}`,
        ],
      })
    } catch (error) {
      throw new UserError(
        `cannot open the data folder ${dirname(folder)}: another process is using it, or this user may not write to it`,
        { cause: error },
      )
    }
  }

  function through(apart: boolean): InstanceType<typeof Session> {
    return apart ? (apartSession ??= openSession()) : session
  }

  const engine: Engine = {
    exclusive: true,
    readsBlocksAtOnce: true,
    leftUnfinished: false,
    async query<Row>(sql: string, parameters: Parameters = {}, { apart = false } = {}) {
      const result = await understood(through(apart).queryBindAsync(sql, parameters, { format: 'JSONEachRow' }))
      return parseRows<Row>(result.text())
    },
    async read(sql, format, limits) {
      const statement = await readOnlyStatement(engine, sql, limits)
      reading ??= openSession()
      const result = await understood(reading.queryAsync(statement, { format }), statementError)
      // The engine counts what it computes, and a constant once however often it is written.
      if (limits && result.bytes().length > limits.maxResultBytes) {
        throw new UserError(`the answer has more than ${limits.maxResultBytes} bytes: ask for less`)
      }
      return result.text()
    },
    async command(sql, parameters = {}) {
      await understood(session.queryBindAsync(sql, parameters))
    },
    async insert(table, rows, token) {
      await understood(
        session.insert({
          table,
          values: Buffer.from(rows),
          format: 'JSONEachRow',
          ...(token === undefined ? {} : { settings: { insert_deduplication_token: token } }),
        }),
      )
    },
    async insertBlock(table, { columns, chunks }, { lateIndexes = [], apart = false } = {}) {
      // The one way to hand over a binary format: the engine reads it from a file of its own.
      const file = freeFiles.pop() ?? join(incoming, `${++files}.native`)
      writeChunks(file, chunks)
      // All of it is this package's own but the folder, which is quoted: parameterized statements wait for each other.
      const names = columns.map(({ name }) => name).join(', ')
      const structure = columns.map(({ name, type }) => `${name} ${type}`).join(', ')
      await understood(
        through(apart).queryAsync(
          `INSERT INTO ${table} (${names}) SELECT ${names} FROM file(${quoted(file)}, 'Native', ${quoted(structure)}) ` +
            // Mapped, as it would be, the file's pages are this process's memory, too.
            `SETTINGS storage_file_read_method = 'pread', optimize_on_insert = 0, insert_deduplicate = 0, ` +
            `exclude_materialize_skip_indexes_on_insert = ${quoted(lateIndexes.join(','))}`,
        ),
      ).finally(() => freeFiles.push(file))
    },
    async close() {
      await drainPending()
      reading?.close()
      apartSession?.close()
      session.close()
      await drainPending()
    },
  }
  return engine
}

/** At once, into the system's cache: each turn of the event loop may take longer than that, and the engine would wait. */
function writeChunks(file: string, chunks: readonly Uint8Array[]): void {
  // Over what it was used for before: its pages need not be given back, and taken anew.
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT)
  try {
    let length = 0
    for (let first = 0; first < chunks.length; first += MOST_PARTS) {
      const parts = chunks.slice(first, first + MOST_PARTS)
      const size = parts.reduce((sum, part) => sum + part.length, 0)
      // Less than all of it is written when the disk is full.
      if (writevSync(descriptor, parts) < size) throw diskFull()
      length += size
    }
    ftruncateSync(descriptor, length)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(error) : error
  } finally {
    closeSync(descriptor)
  }
}

/** Of one call that writes several buffers; systems take 1024. */
const MOST_PARTS = 512

async function understood<T>(answer: Promise<T>, inOurTerms = engineError): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw inOurTerms(error)
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/**
 * What the engine's allocator, jemalloc, is told when it is loaded (its manual, TUNING): pages that nobody uses go back
 * to the system after a tenth of a second, not after five seconds (at once costs a fifth of the rate).
 */
const ALLOCATOR_VARIABLE = 'JE_MALLOC_CONF'
const ALLOCATOR_OPTIONS = 'dirty_decay_ms:100'

async function loadChdb(): Promise<typeof import('chdb')> {
  const isDecided = process.env[ALLOCATOR_VARIABLE] !== undefined
  if (!isDecided) process.env[ALLOCATOR_VARIABLE] = ALLOCATOR_OPTIONS
  try {
    return await import(PACKAGE)
  } catch (error) {
    throw new UserError(
      `the embedded store needs the optional package ${PACKAGE}, which is not installed or does not support ` +
        `${process.platform}-${process.arch}: run \`npm install ${PACKAGE}\`, or set \`engine: clickhouse\` on the store extension`,
      { cause: error },
    )
  } finally {
    if (!isDecided) delete process.env[ALLOCATOR_VARIABLE]
  }
}

function parseRows<Row>(text: string): Row[] {
  const rows: Row[] = []
  for (const line of text.split('\n')) if (line) rows.push(JSON.parse(line) as Row)
  return rows
}
