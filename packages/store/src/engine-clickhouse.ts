import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { UserError } from '@mcpcat/collector'
import type { ClusterOptions } from './cluster-ddl.js'
import { clusterSettings, clusterStatements } from './cluster-ddl.js'
import type { Engine, Parameters } from './engine.js'

export interface ClickHouseOptions {
  /** For example `http://127.0.0.1:8123`. */
  readonly url: string
  readonly username: string
  readonly password: string
  /** Must exist. */
  readonly database: string
  /** Milliseconds. */
  readonly timeoutMs: number
  /** Absent: one server. */
  readonly cluster?: Pick<ClusterOptions, 'name' | 'replicated' | 'keeperPath'> | undefined
}

/**
 * A ClickHouse server through its official client. Others may write into it at the same time.
 *
 * @throws UserError when it does not answer.
 */
export async function openClickHouse(options: ClickHouseOptions): Promise<Engine> {
  const { url, username, password, database, timeoutMs } = options
  const cluster = options.cluster && { ...options.cluster, database }
  const client = createClient({
    url,
    username,
    password,
    database,
    request_timeout: timeoutMs,
    // What fails is thrown, and said once.
    log: { level: ClickHouseLogLevel.OFF },
    // What is asked about a thousand strands does not fit into a URL.
    use_multipart_params_auto: true,
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 1,
      ...(cluster && clusterSettings(cluster)),
    },
  })
  const ping = await client.ping({ select: true })
  if (!ping.success) {
    await client.close()
    throw new UserError(
      `ClickHouse at ${url} (database ${database}, user ${username}) does not answer: ${ping.error.message}`,
      {
        cause: ping.error,
      },
    )
  }
  return clickHouseEngine(client, cluster)
}

function clickHouseEngine(client: ClickHouseClient, cluster: ClusterOptions | undefined): Engine {
  async function insert(
    query: string,
    values: readonly (string | Uint8Array)[],
    settings: ClickHouseSettings = {},
  ): Promise<void> {
    const { stream } = await client.exec({
      query,
      values: Readable.from(values, { objectMode: false }),
      clickhouse_settings: { wait_end_of_query: 1, ...settings },
    })
    // Nothing comes; the connection is free again when that has been read.
    stream.resume()
    await finished(stream)
  }

  return {
    exclusive: false,
    readsBlocksAtOnce: false,
    // Nobody knows of all the others.
    leftUnfinished: true,
    async query<Row>(sql: string, parameters: Parameters = {}) {
      const result = await client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' })
      return await result.json<Row>()
    },
    async read(sql, format) {
      const { stream } = await client.exec({
        query: `${sql}\nFORMAT ${format}`,
        clickhouse_settings: { readonly: '1', wait_end_of_query: 1 },
      })
      return await text(stream)
    },
    async command(sql, parameters = {}) {
      for (const query of cluster ? clusterStatements(sql, cluster) : [sql]) {
        await client.command({ query, query_params: parameters, clickhouse_settings: { wait_end_of_query: 1 } })
      }
    },
    async insert(table, rows, token) {
      const settings = token === undefined ? {} : { insert_deduplication_token: token }
      await insert(`INSERT INTO ${table} FORMAT JSONEachRow`, [rows], settings)
    },
    async insertBlock(table, { columns, chunks }) {
      const names = columns.map(({ name }) => name).join(', ')
      await insert(`INSERT INTO ${table} (${names}) FORMAT Native`, chunks)
    },
    async close() {
      await client.close()
    },
  }
}
