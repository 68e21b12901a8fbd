import { UserError } from '@mcpcat/collector/errors'
import type { ClickHouseOptions } from '@mcpcat/store'
import type { Command } from 'commander'
import { progressBar } from '../output/progress-bar.js'
import type { StoreCommandOptions } from './store-options.js'

interface MoveCommandOptions extends StoreCommandOptions {
  to: string
  cluster?: string
  replicas: boolean
  database: string
  username: string
  merge?: true
}

/** `mcpcat store move`: the store of a configuration, copied to a ClickHouse server or cluster. */
export function moveCommand(command: Command): Command {
  return command
    .requiredOption('--to <url>', 'HTTP interface of the ClickHouse server, as http://127.0.0.1:8123')
    .option('--cluster <name>', 'the server is a node of this cluster')
    .option('--no-replicas', "the cluster's shards have no replicas, and need no Keeper")
    .option('--database <name>', 'must exist', 'default')
    .option('--username <name>', 'its password comes from the environment variable CLICKHOUSE_PASSWORD', 'default')
    .option('--merge', 'the target may have data of its own, which stays')
    .action(async ({ to, cluster, replicas, database, username, merge, ...options }: MoveCommandOptions) => {
      const { configuredStore } = await import('./configured-store.js')
      const { moveStore } = await import('@mcpcat/store')
      const source = await configuredStore(options)
      if (source.engine !== 'chdb') throw new UserError('the store of this configuration is on a server already')
      const moved = await moveStore(source, target({ to, cluster, replicas, database, username }), {
        ...(merge && { merge }),
        progress: progressBar(process.stderr, 'rows'),
      })
      process.stdout.write(
        [
          ...moved.map(({ table, source: rows, target: there }) => `${table}: ${rows} here, ${there} there`),
          `Everything is there; ${source.path} has it still. To use it, set on the store extension:`,
          ...settings({ to, cluster, replicas, database, username }),
          '',
        ].join('\n'),
      )
    })
}

type Target = Pick<MoveCommandOptions, 'to' | 'replicas' | 'database' | 'username'> & { cluster: string | undefined }

function target({ to, cluster, replicas, database, username }: Target): ClickHouseOptions {
  if (!/^https?:\/\//.test(to) || !URL.canParse(to)) throw new UserError(`--to ${to} is no http:// or https:// address`)
  return {
    url: to,
    username,
    password: process.env['CLICKHOUSE_PASSWORD'] ?? '',
    database,
    timeoutMs: TIMEOUT_MS,
    ...(cluster !== undefined && { cluster: { name: cluster, replicated: replicas } }),
  }
}

/** Counting a large table takes longer than what a collector waits for. */
const TIMEOUT_MS = 10 * 60_000

function settings({ to, cluster, replicas, database, username }: Target): string[] {
  return [
    '  engine: clickhouse',
    `  url: ${to}`,
    ...(database === 'default' ? [] : [`  database: ${database}`]),
    ...(username === 'default' ? [] : [`  username: ${username}`]),
    ...(process.env['CLICKHOUSE_PASSWORD'] ? ['  password: ${env:CLICKHOUSE_PASSWORD}'] : []),
    ...(cluster === undefined ? [] : [`  cluster: { name: ${cluster}${replicas ? '' : ', replicated: false'} }`]),
  ]
}
