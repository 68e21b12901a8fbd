import type { SessionSource } from '@mcpcat/semconv'
import type { EventDetail, Session, SessionEvent } from './reading.js'
import { isoTime } from './timestamps.js'

/** A row of `sessions`, with its times as nanoseconds. */
export interface SessionRecord {
  project: string
  session_id: string
  source: SessionSource
  confidence: number
  reason: string
  start_ns: string
  end_ns: string
  event_count: number
  tool_calls: number
  errors: number
  missing_tools: number
  tools: string[]
  user_id: string
  user_name: string
  user_traits: Record<string, string>
  client_name: string
  client_version: string
  server_name: string
  server_version: string
  protocol_version: string
  transport: string
  mcp_session_ids: string[]
  first_intent: string
  part_own_keys: string[]
  part_scopes: string[]
  part_starts_ns: string[]
  part_ends_ns: string[]
  supersedes: string[]
  superseded_by: string
  is_deleted: number
}

/** A row of `events`, with its times as nanoseconds; the later half only in the detail. */
export interface EventRecord {
  event_id: string
  start_ns: string
  duration_ns: string
  kind: string
  method: string
  target: string
  is_error: boolean
  error_type: string
  jsonrpc_code: number | null
  error_message: string
  error_fingerprint: string
  intent: string
  trace_id: string
  span_id: string
  parent_span_id: string
  request_size: string
  response_size: string
  own_key: string
  scope: string
  error_stack: string
  request: string
  response: string
  tags: Record<string, string>
  attributes: Record<string, string>
  resource: Record<string, string>
}

const ACTIVE_MS = 30 * 60_000
const LONG_HOURS = 24

export function session(record: SessionRecord, now: number): Session {
  const start = BigInt(record.start_ns)
  const end = BigInt(record.end_ns)
  return {
    id: record.session_id,
    project: record.project,
    start: isoTime(start),
    end: isoTime(end),
    active: now - Number(end / 1_000_000n) <= ACTIVE_MS,
    source: record.source,
    confidence: Math.round(record.confidence * 1000) / 1000,
    reason: record.reason,
    user: record.user_id ? { id: record.user_id, name: record.user_name || null, traits: record.user_traits } : null,
    client: named(record.client_name, record.client_version),
    server: named(record.server_name, record.server_version),
    protocolVersion: record.protocol_version || null,
    transport: record.transport || null,
    eventCount: record.event_count,
    toolCalls: record.tool_calls,
    errors: record.errors,
    missingTools: record.missing_tools,
    tools: record.tools,
    firstIntent: record.first_intent || null,
    goal: null,
    mcpSessionIds: record.mcp_session_ids,
    supersedes: record.supersedes,
    flags:
      end - start > BigInt(LONG_HOURS) * 3_600_000_000_000n
        ? [{ kind: 'long', reason: `longer than ${LONG_HOURS} hours without a pause that ends it` }]
        : [],
  }
}

export function sessionEvent(record: EventRecord, sessionId: string): SessionEvent {
  return {
    id: record.event_id,
    sessionId,
    start: isoTime(BigInt(record.start_ns)),
    durationMs: Number(record.duration_ns) / 1e6,
    kind: record.kind,
    method: record.method,
    target: record.target || null,
    isError: record.is_error,
    errorType: record.error_type || null,
    jsonrpcCode: record.jsonrpc_code,
    errorMessage: record.error_message || null,
    fingerprint: record.error_fingerprint || null,
    intent: record.intent || null,
    traceId: record.trace_id,
    spanId: record.span_id,
    parentSpanId: record.parent_span_id || null,
    requestSize: Number(record.request_size) || null,
    responseSize: Number(record.response_size) || null,
  }
}

export function eventDetail(record: EventRecord, sessionId: string): EventDetail {
  const hasError = record.is_error || record.error_message !== '' || record.error_stack !== ''
  return {
    ...sessionEvent(record, sessionId),
    request: record.request || null,
    response: record.response || null,
    error: hasError
      ? {
          type: record.error_type || null,
          message: record.error_message || null,
          stack: record.error_stack || null,
          causes: causes(record.error_stack),
        }
      : null,
    tags: record.tags,
    attributes: record.attributes,
    resource: record.resource,
    links: [],
  }
}

/** The heads of the cause chain in a stack as Node prints it (`[cause]: …`) or as others do (`Caused by: …`). */
function causes(stack: string): string[] {
  const found: string[] = []
  for (const line of stack.split('\n')) {
    const cause = /^\s*(?:\[cause\]|Caused by): (.+?)(?: \{)?$/.exec(line)?.[1]
    if (cause !== undefined) found.push(cause)
  }
  return found
}

function named(name: string, version: string): { name: string; version: string | null } | null {
  return name ? { name, version: version || null } : null
}
