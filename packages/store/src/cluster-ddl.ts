/** How the tables lie on a ClickHouse cluster. */
export interface ClusterOptions {
  /** As in the server's `remote_servers`. */
  readonly name: string
  /** Database of the tables, the same on every node. */
  readonly database: string
  /** Shards have replicas: Replicated… engines, which need a Keeper. */
  readonly replicated: boolean
  /** Path of a replicated table in the Keeper. Default: the server's `default_replica_path`. */
  readonly keeperPath?: string | undefined
}

/**
 * By what the rows of each table are spread over the shards. Rows that replace each other, or merge,
 * must give the same number, whoever writes them and whenever: only then do they meet in one table.
 */
const SHARDING: Readonly<Record<string, string>> = {
  // The event's own evidence, not the key it has now: a late identify re-keys, and never moves a row.
  events: 'cityHash64(project, own_key)',
  strands: 'cityHash64(project, scope)',
  // An id is a hash of its key, so all rows of a session, tombstones too, have the key of the first.
  sessions: 'cityHash64(project, key)',
  session_goals: 'cityHash64(project, session_id)',
  issue_status: 'cityHash64(project, issue)',
  issue_redirects: 'cityHash64(project, fingerprint)',
  tool_definitions: 'cityHash64(project, server_name, tool)',
  schema_migrations: 'cityHash64(name)',
}

/**
 * A statement that is written for one server, as the statements for a cluster. There, every table
 * `x` is two: `x_local` on each node, and `x`, which is Distributed over them. What reads or inserts
 * names `x` and stays as it is; what defines or mutates rows goes to the nodes, ON CLUSTER.
 *
 * Names and paths are quoted; nothing else comes from outside.
 *
 * @throws Error when the statement is of a kind that has no cluster variant.
 */
export function clusterStatements(statement: string, cluster: ClusterOptions): string[] {
  const { comments, kind, table, rest } = parse(statement)
  const onCluster = `ON CLUSTER ${quoted(cluster.name)}`
  switch (kind) {
    case undefined:
      return [statement]
    case 'CREATE TABLE IF NOT EXISTS':
      return [
        `${comments}${kind} ${table}_local ${onCluster}${cluster.replicated ? replicated(rest, cluster) : rest}`,
        `${kind} ${table} ${onCluster} AS ${table}_local\nENGINE = Distributed(${quoted(cluster.name)}, ` +
          `${quoted(cluster.database)}, ${quoted(`${table}_local`)}, ${shardingOf(table)})`,
      ]
    case 'ALTER TABLE': {
      const local = `${comments}${kind} ${table}_local ${onCluster}${rest}`
      if (!/\bCOLUMN\b/.test(rest)) return [local]
      if (/\b(INDEX|PROJECTION|SETTING|TTL|ORDER BY)\b/.test(rest)) {
        throw new Error(`columns and anything else of table ${table} have to be altered in migrations of their own`)
      }
      return [local, `${kind} ${table} ${onCluster}${rest}`]
    }
    case 'DROP TABLE IF EXISTS':
      return [`${kind} ${table} ${onCluster}${rest}`, `${kind} ${table}_local ${onCluster}${rest}`]
    case 'DELETE FROM':
    case 'TRUNCATE TABLE':
      return [`${comments}${kind} ${table}_local ${onCluster}${rest}`]
    default:
      throw new Error(`a statement that begins with ${kind} has no variant for a cluster`)
  }
}

const KINDS =
  /^((?:\s*--[^\n]*\n)*)\s*(CREATE TABLE IF NOT EXISTS|ALTER TABLE|DELETE FROM|TRUNCATE TABLE|DROP TABLE IF EXISTS) +(\w+)\b(.*)$/s
const OTHER_DEFINITIONS = /^(?:\s*--[^\n]*\n)*\s*((?:CREATE|RENAME|EXCHANGE|DROP|OPTIMIZE)\b[A-Z ]*)/

interface Parsed {
  readonly comments: string
  /** Undefined for what reads or inserts. */
  readonly kind: string | undefined
  readonly table: string
  readonly rest: string
}

function parse(statement: string): Parsed {
  const [, comments = '', kind, table = '', rest = ''] = KINDS.exec(statement) ?? []
  return { comments, kind: kind ?? OTHER_DEFINITIONS.exec(statement)?.[1]?.trim(), table, rest }
}

function replicated(definition: string, { keeperPath }: ClusterOptions): string {
  const place = keeperPath === undefined ? [] : [quoted(keeperPath), quoted('{replica}')]
  return definition.replace(
    /\bENGINE = (\w*MergeTree)(?:\(([^)]*)\))?/,
    (_, engine: string, columns: string | undefined) =>
      `ENGINE = Replicated${engine}(${[...place, ...(columns ? [columns] : [])].join(', ')})`,
  )
}

function shardingOf(table: string): string {
  const expression = SHARDING[table]
  if (expression === undefined) {
    throw new Error(`nothing says by what the rows of table ${table} are spread over the shards: see cluster-ddl.ts`)
  }
  return expression
}

/** A string literal of ClickHouse. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`
}

/** What every request to a cluster asks for. */
export function clusterSettings({ replicated: hasReplicas }: ClusterOptions): Record<string, string | number> {
  return {
    // A write is over when its rows are on the shards, not when they wait on the node that took them.
    distributed_foreground_insert: 1,
    // A subquery of a subquery is asked once, of all shards, and its answer sent along.
    distributed_product_mode: 'global',
    optimize_skip_unused_shards: 1,
    // Everybody reads from, and writes to, the same replica of a shard while it lives, so that who
    // looks again after a write sees what all have written.
    load_balancing: 'in_order',
    prefer_localhost_replica: 0,
    // A node that is down gets it when it is back.
    distributed_ddl_output_mode: 'none_only_active',
    ...(hasReplicas ? { insert_quorum: 'auto', allow_nondeterministic_mutations: 1 } : {}),
  }
}
