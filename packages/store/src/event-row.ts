import type { AnyValue, Resource, Span } from '@mcpcat/collector'
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
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_RESOURCE_URI,
  ATTR_MCP_SERVER_NAME,
  ATTR_MCP_SERVER_VERSION,
  ATTR_MCP_SESSION_ID,
  ATTR_MCPCAT_CONNECTION_ID,
  ATTR_MCPCAT_ERROR_FINGERPRINT,
  ATTR_MCPCAT_ERROR_TEMPLATE,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_INTENT,
  ATTR_MCPCAT_MISSING_TOOL,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_SERVICE_NAME,
  ATTR_USER_EMAIL,
  ATTR_USER_ID,
  ATTR_USER_NAME,
  PREFIX_MCPCAT_TAG,
  PREFIX_MCPCAT_USER,
} from '@mcpcat/semconv'
import type { SessionRules, Strand } from '@mcpcat/sessions'
import { eventInterval, ownKey, readStrand } from '@mcpcat/sessions'
import { clickhouseTime } from './timestamps.js'

/** An event on its way into the table `events`, with the strand that places it. */
export interface EventRow {
  readonly strand: Strand
  readonly ownKey: string
  readonly eventId: string
  readonly method: string
  readonly start: bigint
  readonly end: bigint
  /** One line of JSON, in the columns of `events`. */
  readonly json: string
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

/** Attributes with a column of their own size: bodies are not repeated in the map. */
const CONTENT = new Set([
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
])

/** The row of a span that is an MCP event; undefined for any other span. */
export function eventRow(span: Span, resource: Resource, rules: SessionRules): EventRow | undefined {
  const attributes = new Map<string, string>()
  for (const { key, value } of span.attributes) attributes.set(key, valueText(value))
  const eventType = attributes.get(ATTR_MCPCAT_EVENT_TYPE)
  const method = attributes.get(ATTR_MCP_METHOD_NAME) ?? (eventType === undefined ? undefined : `mcpcat:${eventType}`)
  if (method === undefined) return undefined

  const resourceAttributes = new Map<string, string>()
  for (const { key, value } of resource.attributes) resourceAttributes.set(key, valueText(value))
  const eventId = `${span.traceId}-${span.spanId}`
  const strand = readStrand(
    (name) => attributes.get(name) ?? resourceAttributes.get(name),
    { eventId, traceId: span.traceId },
    rules,
  )
  const key = ownKey(strand, rules).hash
  const { start, end } = eventInterval(eventId, span.startTimeUnixNano, span.endTimeUnixNano)
  const text = (name: string): string => attributes.get(name) ?? ''
  const jsonrpcCode = Number.parseInt(text(ATTR_RPC_RESPONSE_STATUS_CODE), 10)
  const exception = exceptionOf(span)

  const row = {
    project: strand.project,
    own_key: key,
    scope: strand.scope,
    ts: clickhouseTime(start),
    end_ts: clickhouseTime(end),
    event_id: eventId,
    rung: strand.rung,
    actor: strand.actor,
    user_id: text(ATTR_USER_ID),
    user_name: text(ATTR_USER_NAME),
    user_traits: userTraits(attributes),
    client_name: text(ATTR_MCP_CLIENT_NAME),
    client_version: text(ATTR_MCP_CLIENT_VERSION),
    server_name: attributes.get(ATTR_MCP_SERVER_NAME) ?? resourceAttributes.get(ATTR_SERVICE_NAME) ?? '',
    server_version: text(ATTR_MCP_SERVER_VERSION),
    protocol_version: text(ATTR_MCP_PROTOCOL_VERSION),
    transport: text(ATTR_NETWORK_TRANSPORT),
    mcp_session_id: text(ATTR_MCP_SESSION_ID),
    connection_id: text(ATTR_MCPCAT_CONNECTION_ID),
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    kind: KINDS[span.kind] ?? 'unspecified',
    method,
    target: text(ATTR_GEN_AI_TOOL_NAME) || text(ATTR_GEN_AI_PROMPT_NAME) || text(ATTR_MCP_RESOURCE_URI),
    duration_ns: (span.endTimeUnixNano < start ? 0n : span.endTimeUnixNano - start).toString(),
    is_error: span.status.code === 2 || attributes.has(ATTR_ERROR_TYPE),
    is_missing_tool: text(ATTR_MCPCAT_MISSING_TOOL) === 'true',
    error_type: attributes.get(ATTR_ERROR_TYPE) ?? exception.type,
    jsonrpc_code: Number.isSafeInteger(jsonrpcCode) ? jsonrpcCode : null,
    error_message: wellFormed(span.status.message) || exception.message,
    error_stack: exception.stack,
    error_fingerprint: text(ATTR_MCPCAT_ERROR_FINGERPRINT),
    error_template: text(ATTR_MCPCAT_ERROR_TEMPLATE),
    intent: text(ATTR_MCPCAT_INTENT),
    request: attributes.get(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS) ?? text(ATTR_MCPCAT_REQUEST),
    response: attributes.get(ATTR_GEN_AI_TOOL_CALL_RESULT) ?? text(ATTR_MCPCAT_RESPONSE),
    tags: withPrefix(attributes, PREFIX_MCPCAT_TAG),
    attributes: Object.fromEntries(
      [...attributes].filter(([name]) => !CONTENT.has(name) && !name.startsWith(PREFIX_MCPCAT_TAG)),
    ),
    resource: Object.fromEntries(resourceAttributes),
  }
  return { strand, ownKey: key, eventId, method, start, end, json: JSON.stringify(row) }
}

function userTraits(attributes: ReadonlyMap<string, string>): Record<string, string> {
  const traits = withPrefix(attributes, PREFIX_MCPCAT_USER)
  const email = attributes.get(ATTR_USER_EMAIL)
  return email === undefined ? traits : { email, ...traits }
}

function withPrefix(attributes: ReadonlyMap<string, string>, prefix: string): Record<string, string> {
  const found: [string, string][] = []
  for (const [name, value] of attributes) if (name.startsWith(prefix)) found.push([name.slice(prefix.length), value])
  return Object.fromEntries(found)
}

function exceptionOf(span: Span): { type: string; message: string; stack: string } {
  const event = span.events.find(({ name }) => name === 'exception')
  const text = (name: string): string => {
    const value = event?.attributes.find(({ key }) => key === name)?.value
    return value ? valueText(value) : ''
  }
  return {
    type: text(ATTR_EXCEPTION_TYPE),
    message: text(ATTR_EXCEPTION_MESSAGE),
    stack: text(ATTR_EXCEPTION_STACKTRACE),
  }
}

function valueText(value: AnyValue): string {
  if (value.stringValue !== undefined) return wellFormed(value.stringValue)
  const plain = plainValue(value)
  return plain === null ? '' : typeof plain === 'object' ? wellFormed(JSON.stringify(plain)) : String(plain)
}

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain }

function plainValue(value: AnyValue): Plain {
  if (value.stringValue !== undefined) return value.stringValue
  if (value.boolValue !== undefined) return value.boolValue
  if (value.intValue !== undefined) {
    const number = Number(value.intValue)
    return Number.isSafeInteger(number) ? number : value.intValue.toString()
  }
  if (value.doubleValue !== undefined) return value.doubleValue
  if (value.arrayValue) return value.arrayValue.values.map(plainValue)
  if (value.kvlistValue)
    return Object.fromEntries(value.kvlistValue.values.map((entry) => [entry.key, plainValue(entry.value)]))
  if (value.bytesValue) return Buffer.from(value.bytesValue).toString('base64')
  return null
}

/** A lone surrogate is no UTF-8, and the engine would refuse the whole batch for it. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}
