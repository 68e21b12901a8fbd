import {
  ATTR_MCP_SESSION_ID,
  ATTR_MCPCAT_CONNECTION_ID,
  ATTR_MCPCAT_ERROR_FINGERPRINT,
  ATTR_MCPCAT_ERROR_TEMPLATE,
  ATTR_MCPCAT_INTENT,
  ATTR_USER_ID,
  ATTR_USER_NAME,
} from '@mcpcat/semconv'
import type { EventReader } from './event-reader.js'
import { placeOf } from './event-places.js'
import type { NativeBlock } from './native/native-block.js'
import { boolColumn, int64Column, nullableInt32Column, repeated, stringColumn } from './native/columns.js'
import { lowCardinalityColumn } from './native/low-cardinality.js'
import { mapColumn } from './native/maps.js'
import { nativeBlock } from './native/native-block.js'

/** Rows of the table `events` on their way into the engine, in its own columns. */
export interface EventBlock {
  /** Of what was pushed. */
  readonly bytes: number
  /** Bytes of requests and responses: large ones count for what they are. */
  readonly contents: number
  /** The event that was read last. */
  push(event: EventReader): void
  /**
   * What was pushed; valid until {@link clear}.
   *
   * @param ingestedAt milliseconds since the epoch; absent, the engine's clock says when.
   */
  block(ingestedAt?: number): NativeBlock
  clear(): void
}

const MCPCAT_CONNECTION_ID = placeOf(ATTR_MCPCAT_CONNECTION_ID)
const MCPCAT_ERROR_FINGERPRINT = placeOf(ATTR_MCPCAT_ERROR_FINGERPRINT)
const MCPCAT_ERROR_TEMPLATE = placeOf(ATTR_MCPCAT_ERROR_TEMPLATE)
const MCPCAT_INTENT = placeOf(ATTR_MCPCAT_INTENT)
const MCP_SESSION_ID = placeOf(ATTR_MCP_SESSION_ID)
const USER_ID = placeOf(ATTR_USER_ID)
const USER_NAME = placeOf(ATTR_USER_NAME)

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
  let contents = 0
  return {
    get bytes() {
      return Object.values(columns).reduce((sum, column) => sum + column.bytes, 0)
    },
    // One line for each column, not a loop over them: this runs for every event.
    push(event) {
      const { attributes, known } = event
      const { strand } = known
      columns.project.push(strand.project)
      columns.own_key.push(known.key.hash)
      columns.scope.push(strand.scope)
      columns.ts.push(event.start)
      columns.end_ts.push(event.end)
      columns.event_id.push(event.eventId)
      columns.rung.push(strand.rung)
      columns.actor.push(strand.actor)
      attributes.pushTo(columns.user_id, USER_ID)
      attributes.pushTo(columns.user_name, USER_NAME)
      columns.user_traits.push(event.user_traits)
      columns.client_name.push(event.client_name)
      columns.client_version.push(event.client_version)
      columns.server_name.push(event.server_name)
      columns.server_version.push(event.server_version)
      columns.protocol_version.push(event.protocol_version)
      columns.transport.push(event.transport)
      attributes.pushTo(columns.mcp_session_id, MCP_SESSION_ID)
      attributes.pushTo(columns.connection_id, MCPCAT_CONNECTION_ID)
      columns.parent_span_id.push(event.parent_span_id)
      columns.kind.push(event.kind)
      columns.method.push(event.method)
      columns.target.push(event.target)
      columns.duration_ns.push(event.duration)
      columns.is_error.push(event.is_error)
      columns.is_missing_tool.push(event.is_missing_tool)
      columns.error_type.push(event.error_type)
      columns.jsonrpc_code.push(event.jsonrpc_code)
      columns.error_message.push(event.error_message)
      columns.error_stack.push(event.error_stack)
      attributes.pushTo(columns.error_fingerprint, MCPCAT_ERROR_FINGERPRINT)
      attributes.pushTo(columns.error_template, MCPCAT_ERROR_TEMPLATE)
      attributes.pushTo(columns.intent, MCPCAT_INTENT)
      attributes.pushTo(columns.request, event.request)
      attributes.pushTo(columns.response, event.response)
      columns.tags.push(attributes.tags)
      attributes.pushOthersTo(columns.attributes)
      columns.resource.push(event.resource)
      rows += 1
      contents += attributes.size(event.request) + attributes.size(event.response)
    },
    get contents() {
      return contents
    },
    block: (ingestedAt) =>
      nativeBlock(
        ingestedAt === undefined
          ? columns
          : { ...columns, ingested_at: repeated("DateTime64(3, 'UTC')", BigInt(ingestedAt), rows) },
        rows,
      ),
    clear() {
      for (const column of Object.values(columns)) column.clear()
      rows = 0
      contents = 0
    },
  }
}
