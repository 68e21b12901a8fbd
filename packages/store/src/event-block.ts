import type { EventColumns } from './event-row.js'
import type { NativeBlock } from './native/columns.js'
import {
  boolColumn,
  int64Column,
  lowCardinalityColumn,
  mapColumn,
  nativeBlock,
  nullableInt32Column,
  repeated,
  stringColumn,
} from './native/columns.js'

/** Rows of the table `events` on their way into the engine, in its own columns. */
export interface EventBlock {
  /** Of what was pushed. */
  readonly bytes: number
  push(row: EventColumns): void
  /**
   * What was pushed; valid until {@link clear}.
   *
   * @param ingestedAt milliseconds since the epoch.
   */
  block(ingestedAt: number): NativeBlock
  clear(): void
}

const TIME = "DateTime64(9, 'UTC')"

export function eventBlock(): EventBlock {
  const columns = {
    project: lowCardinalityColumn(),
    own_key: stringColumn(),
    scope: stringColumn(),
    ts: int64Column(TIME),
    end_ts: int64Column(TIME),
    event_id: stringColumn(),
    rung: lowCardinalityColumn(),
    actor: stringColumn(),
    user_id: stringColumn(),
    user_name: stringColumn(),
    user_traits: mapColumn('LowCardinality(String)'),
    client_name: lowCardinalityColumn(),
    client_version: lowCardinalityColumn(),
    server_name: lowCardinalityColumn(),
    server_version: lowCardinalityColumn(),
    protocol_version: lowCardinalityColumn(),
    transport: lowCardinalityColumn(),
    mcp_session_id: stringColumn(),
    connection_id: stringColumn(),
    trace_id: stringColumn(),
    span_id: stringColumn(),
    parent_span_id: stringColumn(),
    kind: lowCardinalityColumn(),
    method: lowCardinalityColumn(),
    target: stringColumn(),
    duration_ns: int64Column(),
    is_error: boolColumn(),
    is_missing_tool: boolColumn(),
    error_type: lowCardinalityColumn(),
    jsonrpc_code: nullableInt32Column(),
    error_message: stringColumn(),
    error_stack: stringColumn(),
    error_fingerprint: stringColumn(),
    error_template: stringColumn(),
    intent: stringColumn(),
    request: stringColumn(),
    response: stringColumn(),
    tags: mapColumn('String'),
    attributes: mapColumn('LowCardinality(String)'),
    resource: mapColumn('LowCardinality(String)'),
  }
  let rows = 0
  return {
    get bytes() {
      return Object.values(columns).reduce((sum, column) => sum + column.bytes, 0)
    },
    // One line for each column, not a loop over them: this runs for every event.
    push(row) {
      columns.project.push(row.project)
      columns.own_key.push(row.own_key)
      columns.scope.push(row.scope)
      columns.ts.push(row.ts)
      columns.end_ts.push(row.end_ts)
      columns.event_id.push(row.event_id)
      columns.rung.push(row.rung)
      columns.actor.push(row.actor)
      columns.user_id.push(row.user_id)
      columns.user_name.push(row.user_name)
      columns.user_traits.push(row.user_traits)
      columns.client_name.push(row.client_name)
      columns.client_version.push(row.client_version)
      columns.server_name.push(row.server_name)
      columns.server_version.push(row.server_version)
      columns.protocol_version.push(row.protocol_version)
      columns.transport.push(row.transport)
      columns.mcp_session_id.push(row.mcp_session_id)
      columns.connection_id.push(row.connection_id)
      columns.trace_id.push(row.trace_id)
      columns.span_id.push(row.span_id)
      columns.parent_span_id.push(row.parent_span_id)
      columns.kind.push(row.kind)
      columns.method.push(row.method)
      columns.target.push(row.target)
      columns.duration_ns.push(row.duration_ns)
      columns.is_error.push(row.is_error)
      columns.is_missing_tool.push(row.is_missing_tool)
      columns.error_type.push(row.error_type)
      columns.jsonrpc_code.push(row.jsonrpc_code)
      columns.error_message.push(row.error_message)
      columns.error_stack.push(row.error_stack)
      columns.error_fingerprint.push(row.error_fingerprint)
      columns.error_template.push(row.error_template)
      columns.intent.push(row.intent)
      columns.request.push(row.request)
      columns.response.push(row.response)
      columns.tags.push(row.tags)
      columns.attributes.push(row.attributes)
      columns.resource.push(row.resource)
      rows += 1
    },
    block: (ingestedAt) =>
      nativeBlock({ ...columns, ingested_at: repeated("DateTime64(3, 'UTC')", BigInt(ingestedAt), rows) }, rows),
    clear() {
      for (const column of Object.values(columns)) column.clear()
      rows = 0
    },
  }
}
