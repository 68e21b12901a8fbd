import type { EventDetail, SessionEvent } from '../reading/events.js'
import type { ColumnsOfAttributes } from '../event-places.js'
import { attributesInColumns } from '../event-places.js'
import { isoTime } from '../timestamps.js'

/** A row of `events`, with its times as nanoseconds; the later half only in the detail. */
export interface EventRecord extends ColumnsOfAttributes {
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
    attributes: { ...attributesInColumns(record), ...record.attributes },
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
