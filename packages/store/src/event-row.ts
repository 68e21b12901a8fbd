import type { KeyValue, Resource, Span } from '@mcpcat/collector'
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
} from '@mcpcat/semconv'
import type { KnownStrand, SessionRules, Strand } from '@mcpcat/sessions'
import { eventInterval, knownStrands, readStrand, strandAttributes } from '@mcpcat/sessions'
import { attributeReader } from './attribute-reader.js'
import { textValues, valueText, wellFormed } from './attribute-text.js'
import type { Pairs } from './native/columns.js'
import { clamped, clickhouseTime } from './timestamps.js'

/** An event on its way into the table `events`, with the strand that places it. */
export interface EventRow {
  readonly strand: Strand
  readonly ownKey: string
  /** The strand with its key, the same object for all events of it that are near. */
  readonly known: KnownStrand
  readonly eventId: string
  /** Nanoseconds, within what the engine's times can hold. */
  readonly start: bigint
  readonly end: bigint
  readonly columns: EventColumns
}

/** A row of `events`; absent text is empty. */
export interface EventColumns {
  readonly project: string
  readonly own_key: string
  readonly scope: string
  readonly ts: bigint
  readonly end_ts: bigint
  readonly event_id: string
  readonly rung: string
  readonly actor: string
  readonly user_id: string
  readonly user_name: string
  readonly user_traits: Pairs
  readonly client_name: string
  readonly client_version: string
  readonly server_name: string
  readonly server_version: string
  readonly protocol_version: string
  readonly transport: string
  readonly mcp_session_id: string
  readonly connection_id: string
  readonly trace_id: string
  readonly span_id: string
  readonly parent_span_id: string
  readonly kind: string
  readonly method: string
  readonly target: string
  readonly duration_ns: bigint
  readonly is_error: boolean
  readonly is_missing_tool: boolean
  readonly error_type: string
  readonly jsonrpc_code: number | null
  readonly error_message: string
  readonly error_stack: string
  readonly error_fingerprint: string
  readonly error_template: string
  readonly intent: string
  readonly request: string
  readonly response: string
  readonly tags: Pairs
  readonly attributes: Pairs
  readonly resource: Pairs
}

/** Reads events of spans. What repeats from one span to the next is remembered, within bounds. */
export type EventReader = (span: Span, resource: Resource) => EventRow | undefined

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

/** Attributes that columns are made of, or that say whose an event is. */
const READ = [
  ATTR_ERROR_TYPE,
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
  ATTR_USER_EMAIL,
  ATTR_USER_ID,
  ATTR_USER_NAME,
] as const

/** Attributes with a column of their own size: bodies are not repeated in the map. */
const CONTENT: ReadonlySet<string> = new Set([
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
])

/** @returns a reader that gives the row of a span that is an MCP event, and undefined for any other span. */
export function eventReader(rules: SessionRules): EventReader {
  const strands = knownStrands(rules)
  const attributes = attributeReader([...READ, ...strandAttributes(rules)], CONTENT)
  const resources = new WeakMap<KeyValue[], { values: ReadonlyMap<string, string>; pairs: Pairs }>()

  function resourceOf({ attributes: given }: Resource): { values: ReadonlyMap<string, string>; pairs: Pairs } {
    const known = resources.get(given)
    if (known) return known
    const values = textValues(given)
    const read = { values, pairs: [...values].flat() }
    resources.set(given, read)
    return read
  }

  return (span, resource) => {
    const { tags, traits, others } = attributes.read(span.attributes)
    const text = (name: string): string => attributes.get(name) ?? ''
    const eventType = attributes.get(ATTR_MCPCAT_EVENT_TYPE)
    const method = attributes.get(ATTR_MCP_METHOD_NAME) ?? (eventType === undefined ? undefined : `mcpcat:${eventType}`)
    if (method === undefined) return undefined

    const { values: resourceValues, pairs: resourcePairs } = resourceOf(resource)
    const eventId = `${span.traceId}-${span.spanId}`
    const known = strands.of(
      readStrand((name) => attributes.get(name) ?? resourceValues.get(name), { eventId, traceId: span.traceId }, rules),
    )
    const { strand } = known
    const interval = eventInterval(eventId, span.startTimeUnixNano, span.endTimeUnixNano)
    const start = clamped(interval.start)
    const end = clamped(interval.end)
    const code = attributes.get(ATTR_RPC_RESPONSE_STATUS_CODE)
    const jsonrpcCode = code === undefined ? Number.NaN : Number.parseInt(code, 10)
    const exception = exceptionOf(span)
    const toolName = text(ATTR_GEN_AI_TOOL_NAME)
    const email = attributes.get(ATTR_USER_EMAIL)

    const columns: EventColumns = {
      project: strand.project,
      own_key: known.key.hash,
      scope: strand.scope,
      ts: start,
      end_ts: end,
      event_id: eventId,
      rung: strand.rung,
      actor: strand.actor,
      user_id: text(ATTR_USER_ID),
      user_name: text(ATTR_USER_NAME),
      user_traits: email === undefined ? traits : withEmail(email, traits),
      client_name: text(ATTR_MCP_CLIENT_NAME),
      client_version: text(ATTR_MCP_CLIENT_VERSION),
      server_name: attributes.get(ATTR_MCP_SERVER_NAME) ?? resourceValues.get(ATTR_SERVICE_NAME) ?? '',
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
      target: toolName || text(ATTR_GEN_AI_PROMPT_NAME) || text(ATTR_MCP_RESOURCE_URI),
      duration_ns: duration(start, span.endTimeUnixNano),
      is_error: span.status.code === 2 || attributes.has(ATTR_ERROR_TYPE),
      is_missing_tool: text(ATTR_MCPCAT_MISSING_TOOL) === 'true',
      error_type: attributes.get(ATTR_ERROR_TYPE) ?? exception.type,
      jsonrpc_code: isInt32(jsonrpcCode) ? jsonrpcCode : null,
      error_message: wellFormed(span.status.message) || exception.message,
      error_stack: exception.stack,
      error_fingerprint: text(ATTR_MCPCAT_ERROR_FINGERPRINT),
      error_template: text(ATTR_MCPCAT_ERROR_TEMPLATE),
      intent: text(ATTR_MCPCAT_INTENT),
      request: attributes.get(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS) ?? text(ATTR_MCPCAT_REQUEST),
      response: attributes.get(ATTR_GEN_AI_TOOL_CALL_RESULT) ?? text(ATTR_MCPCAT_RESPONSE),
      tags,
      attributes: others,
      resource: resourcePairs,
    }
    return { strand, ownKey: known.key.hash, known, eventId, start, end, columns }
  }
}

/** The row as a line of JSON, for an engine that takes rows as text. */
export function eventJson(columns: EventColumns): string {
  return JSON.stringify({
    ...columns,
    ts: clickhouseTime(columns.ts),
    end_ts: clickhouseTime(columns.end_ts),
    duration_ns: columns.duration_ns.toString(),
    user_traits: objectOf(columns.user_traits),
    tags: objectOf(columns.tags),
    attributes: objectOf(columns.attributes),
    resource: objectOf(columns.resource),
  })
}

export function objectOf(pairs: Pairs): Record<string, string> {
  const entries: [string, string][] = []
  for (let index = 0; index < pairs.length; index += 2) {
    entries.push([pairs[index] as string, pairs[index + 1] as string])
  }
  return Object.fromEntries(entries)
}

/** A trait of that name says more than the attribute. */
function withEmail(email: string, traits: Pairs): Pairs {
  for (let index = 0; index < traits.length; index += 2) if (traits[index] === 'email') return traits
  return ['email', email, ...traits]
}

/** What the span says, whatever it says. */
function duration(start: bigint, end: bigint): bigint {
  if (end < start) return 0n
  const nanoseconds = end - start
  return nanoseconds > LONGEST ? LONGEST : nanoseconds
}

const LONGEST = 2n ** 63n - 1n

function isInt32(code: number): boolean {
  return Number.isInteger(code) && code === (code | 0)
}

const NO_EXCEPTION = { type: '', message: '', stack: '' }

function exceptionOf(span: Span): { type: string; message: string; stack: string } {
  if (span.events.length === 0) return NO_EXCEPTION
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
