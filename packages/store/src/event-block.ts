import {
  ATTR_MCPCAT_CONNECTION_ID,
  ATTR_MCPCAT_ERROR_FINGERPRINT,
  ATTR_MCPCAT_ERROR_TEMPLATE,
  ATTR_MCPCAT_INTENT,
} from '@mcpcat/semconv'
import type { EventReader } from './event-reader.js'
import { placeOf } from './event-places.js'
import type { NativeBlock } from './native/native-block.js'
import { boolColumn, int64Column, nullableInt32Column, repeated, stringColumn } from './native/columns.js'
import { lowCardinalityColumn } from './native/low-cardinality.js'
import { mapColumn } from './native/maps.js'
import { nativeBlock } from './native/native-block.js'
import { fewEntriesColumn, manyEntriesColumn, SharedEntries } from './native/shared-entries.js'
import { SparseTextColumn } from './native/sparse-text-column.js'
import type { Setting, Spoken } from './spoken-of.js'
import { SpokenOf } from './spoken-of.js'

/** Rows of the table `events` on their way into the engine, in its own columns. */
export interface EventBlock {
  /** Of what was pushed. */
  readonly bytes: number
  /** Bytes of requests and responses: large ones count for what they are. */
  readonly contents: number
  /**
   * Adds the event that was read last.
   *
   * @param spoken of the event, by what is remembered.
   */
  push(event: EventReader, spoken?: Spoken): void
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

const TIME = "DateTime64(9, 'UTC')"

/** @param spokenOf what is remembered from one block to the next. */
export function eventBlock(spokenOf: SpokenOf = new SpokenOf()): EventBlock {
  const speakers = new SharedEntries()
  const settings = new SharedEntries()
  const columns = {
    project: fewEntriesColumn(settings),
    own_key: manyEntriesColumn(speakers),
    scope: manyEntriesColumn(speakers),
    ts: int64Column(TIME),
    end_ts: int64Column(TIME),
    event_id: stringColumn(),
    rung: fewEntriesColumn(settings),
    actor: manyEntriesColumn(speakers),
    user_id: manyEntriesColumn(speakers),
    user_name: manyEntriesColumn(speakers),
    user_traits: mapColumn('LowCardinality(String)'),
    client_name: fewEntriesColumn(settings),
    client_version: fewEntriesColumn(settings),
    server_name: fewEntriesColumn(settings),
    server_version: fewEntriesColumn(settings),
    protocol_version: fewEntriesColumn(settings),
    transport: fewEntriesColumn(settings),
    mcp_session_id: manyEntriesColumn(speakers),
    connection_id: new SparseTextColumn(speakers),
    parent_span_id: new SparseTextColumn(speakers),
    kind: lowCardinalityColumn(),
    method: lowCardinalityColumn(),
    target: stringColumn(),
    duration_ns: int64Column(),
    is_error: boolColumn(),
    is_missing_tool: boolColumn(),
    error_type: lowCardinalityColumn(),
    jsonrpc_code: nullableInt32Column(),
    error_message: new SparseTextColumn(speakers),
    error_stack: new SparseTextColumn(speakers),
    error_fingerprint: new SparseTextColumn(speakers),
    error_template: new SparseTextColumn(speakers),
    intent: stringColumn(),
    request: stringColumn(),
    response: stringColumn(),
    tags: mapColumn('String'),
    attributes: mapColumn('LowCardinality(String)'),
    resource: mapColumn('LowCardinality(String)'),
  }
  let block = spokenOf.nextBatch()
  let contents = 0

  function entryOfSpeaker(spoken: Spoken): number {
    const { known, parties } = spoken.speaker
    columns.own_key.add(known.key.hash)
    columns.scope.add(known.strand.scope)
    columns.actor.add(known.strand.actor)
    columns.user_id.add(parties.user_id)
    columns.user_name.add(parties.user_name)
    columns.mcp_session_id.add(parties.mcp_session_id)
    spoken.block = block
    return (spoken.entry = speakers.add())
  }

  function entryOfSetting(setting: Setting): number {
    columns.project.add(setting.project)
    columns.rung.add(setting.rung)
    columns.client_name.add(setting.client_name)
    columns.client_version.add(setting.client_version)
    columns.server_name.add(setting.server_name)
    columns.server_version.add(setting.server_version)
    columns.protocol_version.add(setting.protocol_version)
    columns.transport.add(setting.transport)
    setting.block = block
    return (setting.entry = settings.add())
  }

  return {
    get bytes() {
      return Object.values(columns).reduce((sum, column) => sum + column.bytes, speakers.bytes + settings.bytes)
    },
    // One line for each column, not a loop over them: this runs for every event.
    push(event, spoken = spokenOf.by(event)) {
      const { attributes, id } = event
      const { setting } = spoken
      speakers.push(spoken.block === block ? spoken.entry : entryOfSpeaker(spoken))
      settings.push(setting.block === block ? setting.entry : entryOfSetting(setting))
      columns.ts.push(event.start)
      columns.end_ts.push(event.end)
      columns.event_id.pushUtf8Now(id, 0, id.length)
      columns.user_traits.push(spoken.userTraits)
      attributes.putInto(columns.connection_id, MCPCAT_CONNECTION_ID)
      if (event.parent_span_id !== '') columns.parent_span_id.put(event.parent_span_id)
      columns.kind.push(event.kind)
      columns.method.push(event.method)
      attributes.pushTo(columns.target, event.targetPlace)
      columns.duration_ns.push(event.duration)
      columns.is_error.push(event.is_error)
      columns.is_missing_tool.push(event.is_missing_tool)
      columns.error_type.push(event.error_type)
      columns.jsonrpc_code.push(event.jsonrpc_code)
      if (event.error_message !== '') columns.error_message.put(event.error_message)
      if (event.error_stack !== '') columns.error_stack.put(event.error_stack)
      attributes.putInto(columns.error_fingerprint, MCPCAT_ERROR_FINGERPRINT)
      attributes.putInto(columns.error_template, MCPCAT_ERROR_TEMPLATE)
      attributes.pushTo(columns.intent, MCPCAT_INTENT)
      attributes.pushTo(columns.request, event.request)
      attributes.pushTo(columns.response, event.response)
      columns.tags.push(attributes.tags)
      attributes.pushOthersTo(columns.attributes)
      columns.resource.push(event.resource)
      contents += attributes.size(event.request) + attributes.size(event.response)
    },
    get contents() {
      return contents
    },
    block: (ingestedAt) =>
      nativeBlock(
        ingestedAt === undefined
          ? columns
          : { ...columns, ingested_at: repeated("DateTime64(3, 'UTC')", BigInt(ingestedAt), speakers.count) },
        speakers.count,
      ),
    clear() {
      for (const column of Object.values(columns)) column.clear()
      speakers.clear()
      settings.clear()
      block = spokenOf.nextBatch()
      contents = 0
    },
  }
}
