import { createHash } from 'node:crypto'
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_CLIENT_NAME,
  ATTR_MCP_CLIENT_VERSION,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_RESOURCE_URI,
  ATTR_MCP_SERVER_NAME,
  ATTR_MCP_SERVER_VERSION,
  ATTR_MCP_SESSION_ID,
  ATTR_MCPCAT_CONNECTION_ID,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_INTENT,
  ATTR_MCPCAT_PROJECT_ID,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
  ATTR_MCPCAT_SDK_LANGUAGE,
  ATTR_MCPCAT_SDK_VERSION,
  ATTR_SESSION_ID,
  ATTR_USER_EMAIL,
  ATTR_USER_ID,
  ATTR_USER_NAME,
  PREFIX_MCPCAT_TAG,
  PREFIX_MCPCAT_USER,
} from '@mcpcat/semconv'
import { type AttributeValue, type HrTime, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpanLike } from '../span-types.js'
import { ksuid } from './ksuid.js'

/** `PublishEventRequest` of the events API; absent members are left out. */
export interface PublishedEvent {
  /** `evt_<ksuid>`, the same each time this span is sent. */
  id: string
  project_id?: string
  /** `ses_<ksuid>`; null when nothing says to which conversation the event belongs. */
  session_id: string | null
  event_type: string
  /** Start, ISO 8601. */
  timestamp: string
  /** Whole milliseconds. */
  duration: number
  is_error: boolean
  error?: PublishedError
  resource_name?: string
  user_intent?: string
  parameters?: { request: { method: string; params?: unknown } }
  response?: unknown
  identify_actor_given_id?: string
  identify_actor_name?: string
  identify_data?: Record<string, unknown>
  tags?: Record<string, string>
  properties?: Record<string, unknown>
  sdk_language?: string
  mcpcat_version?: string
  server_name?: string
  server_version?: string
  client_name?: string
  client_version?: string
}

export interface PublishedError {
  message: string
  type?: string
  stack?: string
  platform: string
}

const EVENT_TYPES: Readonly<Record<string, string>> = { custom: 'mcpcat:custom', identify: 'mcpcat:identify' }

/** A redacted span as an event of the hosted API. */
export function toEvent(span: ReadableSpanLike, projectId: string | undefined): PublishedEvent {
  const read = (key: string): string | undefined => text(span.attributes[key])
  const resource = (key: string): string | undefined => text(span.resource.attributes[key])
  const project = projectId ?? resource(ATTR_MCPCAT_PROJECT_ID)
  const method = read(ATTR_MCP_METHOD_NAME)
  const event: PublishedEvent = {
    id: eventId(span),
    session_id: sessionId(
      read(ATTR_MCP_SESSION_ID) ?? read(ATTR_MCPCAT_CONNECTION_ID) ?? read(ATTR_SESSION_ID),
      project,
    ),
    event_type: eventType(method, read(ATTR_MCPCAT_EVENT_TYPE)),
    timestamp: new Date(millis(span.startTime)).toISOString(),
    duration: Math.max(0, Math.round(millis(span.duration))),
    is_error: span.status.code === SpanStatusCode.ERROR || read(ATTR_ERROR_TYPE) !== undefined,
    ...defined({
      project_id: project,
      error: errorOf(span),
      resource_name: read(ATTR_GEN_AI_TOOL_NAME) ?? read(ATTR_GEN_AI_PROMPT_NAME) ?? read(ATTR_MCP_RESOURCE_URI),
      user_intent: read(ATTR_MCPCAT_INTENT),
      parameters: parametersOf(span, method),
      response: json(span.attributes[ATTR_GEN_AI_TOOL_CALL_RESULT] ?? span.attributes[ATTR_MCPCAT_RESPONSE]),
      identify_actor_given_id: read(ATTR_USER_ID),
      identify_actor_name: read(ATTR_USER_NAME),
      identify_data: identifyData(span),
      tags: withPrefix(span, PREFIX_MCPCAT_TAG, (value) => String(value)),
      properties: propertiesOf(span),
      sdk_language: resource(ATTR_MCPCAT_SDK_LANGUAGE),
      mcpcat_version: resource(ATTR_MCPCAT_SDK_VERSION),
      server_name: read(ATTR_MCP_SERVER_NAME),
      server_version: read(ATTR_MCP_SERVER_VERSION),
      client_name: read(ATTR_MCP_CLIENT_NAME),
      client_version: read(ATTR_MCP_CLIENT_VERSION),
    }),
  }
  return event
}

function eventType(method: string | undefined, kind: string | undefined): string {
  return EVENT_TYPES[kind ?? ''] ?? `mcp:${method ?? 'unknown'}`
}

/** Derived from the span's own ids: sent twice, it is still one event. */
function eventId(span: ReadableSpanLike): string {
  const { traceId, spanId } = span.spanContext()
  const hash = createHash('sha256').update(`${traceId}:${spanId}`).digest()
  return `evt_${ksuid(millis(span.startTime), hash)}`
}

const YEAR_MILLIS = 365 * 24 * 60 * 60 * 1000

/** As the MCPcat SDKs derive it from a protocol session, so that their events and ours meet in one session. */
function sessionId(raw: string | undefined, project: string | undefined): string | null {
  if (raw === undefined) return null
  const hash = createHash('sha256')
    .update(project ? `${raw}:${project}` : raw)
    .digest()
  const time = Date.UTC(2024, 0, 1) + (hash.readUInt32BE(0) % YEAR_MILLIS)
  return `ses_${ksuid(time, hash.subarray(4, 20))}`
}

function parametersOf(span: ReadableSpanLike, method: string | undefined): PublishedEvent['parameters'] {
  if (method === undefined) {
    const request = json(span.attributes[ATTR_MCPCAT_REQUEST])
    return request === undefined ? undefined : { request: { method: 'custom', params: request } }
  }
  const toolArguments = json(span.attributes[ATTR_GEN_AI_TOOL_CALL_ARGUMENTS])
  if (method === 'tools/call') {
    const name = text(span.attributes[ATTR_GEN_AI_TOOL_NAME])
    return { request: { method, params: defined({ name, arguments: toolArguments }) } }
  }
  const params = json(span.attributes[ATTR_MCPCAT_REQUEST])
  return { request: { method, ...defined({ params }) } }
}

function errorOf(span: ReadableSpanLike): PublishedError | undefined {
  const exception = span.events.findLast((event) => event.attributes?.[ATTR_EXCEPTION_TYPE] !== undefined)?.attributes
  const message = text(exception?.[ATTR_EXCEPTION_MESSAGE]) ?? span.status.message
  const type = text(exception?.[ATTR_EXCEPTION_TYPE]) ?? text(span.attributes[ATTR_ERROR_TYPE])
  if (message === undefined && type === undefined) return undefined
  const stack = text(exception?.[ATTR_EXCEPTION_STACKTRACE])
  return { message: message ?? type ?? '', platform: 'javascript', ...defined({ type, stack }) }
}

function identifyData(span: ReadableSpanLike): Record<string, unknown> | undefined {
  const traits = withPrefix(span, PREFIX_MCPCAT_USER, (value) => value)
  const email = text(span.attributes[ATTR_USER_EMAIL])
  return email === undefined ? traits : { ...traits, email }
}

/** What the API has no field of its own for, so that a receiver can put trace and session back together. */
function propertiesOf(span: ReadableSpanLike): Record<string, unknown> {
  const { traceId, spanId } = span.spanContext()
  const properties: Record<string, unknown> = {
    trace_id: traceId,
    span_id: spanId,
    // The event's own times are cut to milliseconds.
    start_time_unix_nano: String(nanos(span.startTime)),
    duration_nano: String(nanos(span.duration)),
  }
  if (span.parentSpanContext) properties['parent_span_id'] = span.parentSpanContext.spanId
  const told = new Set<string>(TOLD)
  for (const [key, value] of Object.entries(span.attributes)) {
    if (!told.has(key) && !key.startsWith(PREFIX_MCPCAT_TAG) && !key.startsWith(PREFIX_MCPCAT_USER))
      properties[key] = value
  }
  return properties
}

/** Attributes that have fields of their own. */
const TOLD: readonly string[] = [
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
  ATTR_MCPCAT_INTENT,
  ATTR_USER_ID,
  ATTR_USER_NAME,
  ATTR_USER_EMAIL,
  ATTR_MCP_CLIENT_NAME,
  ATTR_MCP_CLIENT_VERSION,
  ATTR_MCP_SERVER_NAME,
  ATTR_MCP_SERVER_VERSION,
]

function withPrefix<T>(
  span: ReadableSpanLike,
  prefix: string,
  convert: (value: unknown) => T,
): Record<string, T> | undefined {
  const found: [string, T][] = []
  for (const [key, value] of Object.entries(span.attributes)) {
    if (key.startsWith(prefix)) found.push([key.slice(prefix.length), convert(value)])
  }
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}

function text(value: AttributeValue | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function json(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value // An attribute of the host's own: text, then.
  }
}

function millis([seconds, rest]: HrTime): number {
  return seconds * 1000 + rest / 1_000_000
}

function nanos([seconds, rest]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(Math.round(rest))
}
