import type { Pairs } from './native/maps.js'
import type { NativeBlock } from './native/native-block.js'
import { int64Column, stringColumn } from './native/columns.js'
import { lowCardinalityColumn } from './native/low-cardinality.js'
import { mapColumn } from './native/maps.js'
import { nativeBlock } from './native/native-block.js'
import { arrayColumn } from './native/nested.js'
import { float32Column, uint32Column, uint8Column } from './native/numbers.js'
import { searchColumn } from './search-text.js'
import type { SessionColumns } from './session-columns.js'
import { clamped } from './timestamps.js'

const TIME = "DateTime64(9, 'UTC')"

/** Rows of the table `sessions` on their way into the engine, in its own columns. */
export interface SessionBlock {
  /** Of what was pushed. */
  readonly bytes: number
  push(row: SessionColumns, contentHash: string, version: bigint): void
  /** What was pushed; valid until {@link clear}. */
  block(): NativeBlock
  clear(): void
}

export function sessionBlock(): SessionBlock {
  const columns = blockColumns()
  let rows = 0
  return {
    get bytes() {
      return Object.values(columns).reduce((sum, column) => sum + column.bytes, 0)
    },
    push(row, contentHash, version) {
      push(columns, row)
      columns.content_hash.push(contentHash)
      columns.version.push(version)
      rows += 1
    },
    block: () => nativeBlock(columns, rows),
    clear() {
      for (const column of Object.values(columns)) column.clear()
      rows = 0
    },
  }
}

function blockColumns() {
  return {
    project: lowCardinalityColumn(),
    session_id: stringColumn(),
    key: stringColumn(),
    rung: lowCardinalityColumn(),
    source: lowCardinalityColumn(),
    confidence: float32Column(),
    reason: stringColumn(),
    start: int64Column(TIME),
    end: int64Column(TIME),
    event_count: uint32Column(),
    tool_calls: uint32Column(),
    errors: uint32Column(),
    missing_tools: uint32Column(),
    tools: arrayColumn(stringColumn()),
    user_id: stringColumn(),
    user_name: stringColumn(),
    user_traits: mapColumn('LowCardinality(String)'),
    client_name: lowCardinalityColumn(),
    client_version: lowCardinalityColumn(),
    server_name: lowCardinalityColumn(),
    server_version: lowCardinalityColumn(),
    protocol_version: lowCardinalityColumn(),
    transport: lowCardinalityColumn(),
    mcp_session_ids: arrayColumn(stringColumn()),
    first_intent: stringColumn(),
    search: searchColumn(),
    first_event_id: stringColumn(),
    first_own_key: stringColumn(),
    first_scope: stringColumn(),
    part_own_keys: arrayColumn(stringColumn()),
    part_scopes: arrayColumn(stringColumn()),
    part_starts: arrayColumn(int64Column(TIME)),
    part_ends: arrayColumn(int64Column(TIME)),
    supersedes: arrayColumn(stringColumn()),
    superseded_by: stringColumn(),
    content_hash: stringColumn(),
    // No version comes near what an Int64 cannot hold.
    version: int64Column('UInt64'),
    is_deleted: uint8Column(),
  }
}

function push(columns: ReturnType<typeof blockColumns>, row: SessionColumns): void {
  columns.project.push(row.project)
  columns.session_id.push(row.session_id)
  columns.key.push(row.key)
  columns.rung.push(row.rung)
  columns.source.push(row.source)
  columns.confidence.push(row.confidence)
  columns.reason.push(row.reason)
  columns.start.push(clamped(row.start))
  columns.end.push(clamped(row.end))
  columns.event_count.push(row.event_count)
  columns.tool_calls.push(row.tool_calls)
  columns.errors.push(row.errors)
  columns.missing_tools.push(row.missing_tools)
  columns.tools.push(row.tools)
  columns.user_id.push(row.user_id)
  columns.user_name.push(row.user_name)
  columns.user_traits.push(pairsOf(row.user_traits))
  columns.client_name.push(row.client_name)
  columns.client_version.push(row.client_version)
  columns.server_name.push(row.server_name)
  columns.server_version.push(row.server_version)
  columns.protocol_version.push(row.protocol_version)
  columns.transport.push(row.transport)
  columns.mcp_session_ids.push(row.mcp_session_ids)
  columns.first_intent.push(row.first_intent)
  columns.search.push(row.search)
  columns.first_event_id.push(row.first_event_id)
  columns.first_own_key.push(row.first_own_key)
  columns.first_scope.push(row.first_scope)
  columns.part_own_keys.push(row.part_own_keys)
  columns.part_scopes.push(row.part_scopes)
  columns.part_starts.push(row.part_starts.map(clamped))
  columns.part_ends.push(row.part_ends.map(clamped))
  columns.supersedes.push(row.supersedes)
  columns.superseded_by.push(row.superseded_by)
  columns.is_deleted.push(row.is_deleted)
}

function pairsOf(record: Readonly<Record<string, string>>): Pairs {
  const pairs: string[] = []
  for (const name of Object.keys(record)) pairs.push(name, record[name] as string)
  return pairs
}
