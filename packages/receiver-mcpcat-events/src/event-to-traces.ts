import { createHash } from 'node:crypto'
import type { KeyValue, Span, Traces } from '@mcpcat/collector'
import {
  ATTR_CLIENT_ADDRESS,
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
  ATTR_MCPCAT_MISSING_TOOL,
  ATTR_MCPCAT_PROJECT_ID,
  ATTR_MCPCAT_PROPERTIES,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESOURCE_NAME,
  ATTR_MCPCAT_RESPONSE,
  ATTR_MCPCAT_SDK_LANGUAGE,
  ATTR_MCPCAT_SDK_VERSION,
  ATTR_SERVICE_NAME,
  ATTR_USER_EMAIL,
  ATTR_USER_ID,
  ATTR_USER_NAME,
  PREFIX_MCPCAT_TAG,
  PREFIX_MCPCAT_USER,
  spanName,
} from '@mcpcat/semconv'
import type { McpcatEvent } from './event.js'

const SERVER = 2
const ERROR = 2
const HEX_TRACE = /^(?!0{32})[0-9a-f]{32}$/
const HEX_SPAN = /^(?!0{16})[0-9a-f]{16}$/
const NANOSECONDS = /^\d{1,19}$/
/** Properties that `@mcpcat/exporter` makes of the span attributes which the API has no field for. */
const SPAN_ATTRIBUTE = /^(?:client|error|gen_ai|jsonrpc|mcp|mcpcat|network|rpc|server|session)\./

/** Which attribute names what a method is about. */
const TARGETS: Readonly<Record<string, string>> = {
  'tools/call': ATTR_GEN_AI_TOOL_NAME,
  'prompts/get': ATTR_GEN_AI_PROMPT_NAME,
  'resources/read': ATTR_MCP_RESOURCE_URI,
  'resources/subscribe': ATTR_MCP_RESOURCE_URI,
  'resources/unsubscribe': ATTR_MCP_RESOURCE_URI,
}

/** The tool that SDKs inject, so that agents can say what they miss. */
const MISSING_TOOL = 'get_more_tools'

/**
 * An event as the span that an instrumented server would have sent. The ids come from the event's
 * own, so that an event sent twice is still one.
 *
 * @param now Nanoseconds since 1970, for an event without a time of its own.
 */
export function eventToTraces(event: McpcatEvent, now: bigint): Traces {
  const resource = pairs({
    [ATTR_SERVICE_NAME]: event.server_name,
    [ATTR_MCPCAT_PROJECT_ID]: event.project_id,
    [ATTR_MCPCAT_SDK_LANGUAGE]: event.sdk_language,
    [ATTR_MCPCAT_SDK_VERSION]: event.mcpcat_version ?? event.agentcat_version,
  })
  return {
    resourceSpans: [
      {
        resource: { attributes: resource, droppedAttributesCount: 0 },
        scopeSpans: [
          {
            scope: { name: 'mcpcat_events', version: '', attributes: [], droppedAttributesCount: 0 },
            spans: [eventToSpan(event, now)],
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }
}

function eventToSpan(event: McpcatEvent, now: bigint): Span {
  const { method, kind } = typeOf(event.event_type ?? '')
  const { trace_id, span_id, parent_span_id, start_time_unix_nano, duration_nano, ...others } = event.properties ?? {}
  const fromSpan = matching(trace_id, HEX_TRACE) !== undefined
  const { attributes, properties } = split(others, fromSpan)
  const hasRawSession = ATTR_MCP_SESSION_ID in attributes || ATTR_MCPCAT_CONNECTION_ID in attributes
  const identity = event.id ?? JSON.stringify(event)
  const target = method === undefined ? undefined : TARGETS[method]
  const named = target === ATTR_MCP_RESOURCE_URI ? undefined : event.resource_name
  const said = event.timestamp === undefined ? now : BigInt(Date.parse(event.timestamp)) * 1_000_000n
  const start = nanoseconds(start_time_unix_nano) ?? said
  const duration = nanoseconds(duration_nano) ?? BigInt(Math.round((event.duration ?? 0) * 1e6))
  const failed = event.is_error ?? event.error !== undefined
  return {
    traceId: matching(trace_id, HEX_TRACE) ?? digest(event.session_id ?? identity, 16),
    spanId: matching(span_id, HEX_SPAN) ?? digest(identity, 8),
    traceState: '',
    parentSpanId: matching(parent_span_id, HEX_SPAN) ?? '',
    flags: 1,
    name: method === undefined ? `mcpcat ${kind ?? 'event'}` : spanName(method, target && named),
    kind: SERVER,
    startTimeUnixNano: start,
    endTimeUnixNano: start + duration,
    attributes: [
      ...pairs({
        [ATTR_MCP_METHOD_NAME]: method,
        [ATTR_MCPCAT_EVENT_TYPE]: kind,
        [target ?? ATTR_MCPCAT_RESOURCE_NAME]:
          target === undefined && method !== undefined ? undefined : event.resource_name,
        [ATTR_MCPCAT_MISSING_TOOL]: event.resource_name === MISSING_TOOL ? 'true' : undefined,
        [ATTR_MCPCAT_CONNECTION_ID]: hasRawSession ? undefined : event.session_id,
        [ATTR_MCP_CLIENT_NAME]: event.client_name,
        [ATTR_MCP_CLIENT_VERSION]: event.client_version,
        [ATTR_MCP_SERVER_NAME]: event.server_name,
        [ATTR_MCP_SERVER_VERSION]: event.server_version,
        [ATTR_MCPCAT_INTENT]: event.user_intent,
        [ATTR_USER_ID]: event.identify_actor_given_id,
        [ATTR_USER_NAME]: event.identify_actor_name,
        [ATTR_CLIENT_ADDRESS]: event.ip_address,
        [ATTR_ERROR_TYPE]: failed ? (event.error?.type ?? 'tool_error') : undefined,
        [ATTR_MCPCAT_PROPERTIES]: Object.keys(properties).length > 0 ? properties : undefined,
        ...attributes,
      }),
      ...content(event, method),
      ...withPrefix(PREFIX_MCPCAT_TAG, event.tags),
      ...traits(event.identify_data),
    ],
    droppedAttributesCount: 0,
    events: failed && event.error ? [exceptionEvent(event.error, start)] : [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: failed ? { code: ERROR, message: event.error?.message ?? '' } : { code: 0, message: '' },
  }
}

/** An event that was a span gets the attributes back which the API has no field for. */
function split(
  properties: Readonly<Record<string, unknown>>,
  fromSpan: boolean,
): Record<'attributes' | 'properties', Record<string, unknown>> {
  const entries = Object.entries(properties)
  const isAttribute = ([key]: [string, unknown]): boolean => fromSpan && SPAN_ATTRIBUTE.test(key)
  return {
    attributes: Object.fromEntries(entries.filter(isAttribute)),
    properties: Object.fromEntries(entries.filter((entry) => !isAttribute(entry))),
  }
}

function nanoseconds(value: unknown): bigint | undefined {
  const digits = matching(value, NANOSECONDS)
  return digits === undefined ? undefined : BigInt(digits)
}

/** `mcp:tools/call` is a method; `mcpcat:identify`, `agentcat:custom` and whatever else are events of our own. */
function typeOf(type: string): { method?: string; kind?: string } {
  const colon = type.indexOf(':')
  const rest = type.slice(colon + 1)
  return type.startsWith('mcp:') ? { method: rest } : { kind: rest === 'identify' ? 'identify' : 'custom' }
}

function content(event: McpcatEvent, method: string | undefined): KeyValue[] {
  const params = paramsOf(event.parameters)
  if (method !== 'tools/call') {
    // A custom event's parameters are the user's own.
    const asked = method === undefined ? event.parameters : params
    return pairs({ [ATTR_MCPCAT_REQUEST]: asked, [ATTR_MCPCAT_RESPONSE]: event.response })
  }
  const { context, ...args } = recordOf(params?.['arguments']) ?? {}
  // The injected argument has become the intent; a tool's own argument of that name stays.
  const own = context === undefined || context === event.user_intent ? args : { ...args, context }
  return pairs({ [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: params && own, [ATTR_GEN_AI_TOOL_CALL_RESULT]: event.response })
}

/** The SDKs for TypeScript send the request with its `params`; those for Python send the params by themselves. */
function paramsOf(parameters: McpcatEvent['parameters']): Record<string, unknown> | undefined {
  if (parameters && 'request' in parameters) return recordOf(recordOf(parameters['request'])?.['params'])
  return parameters && Object.keys(parameters).length > 0 ? parameters : undefined
}

function exceptionEvent(error: NonNullable<McpcatEvent['error']>, time: bigint): Span['events'][number] {
  return {
    timeUnixNano: time,
    name: 'exception',
    attributes: pairs({
      [ATTR_EXCEPTION_TYPE]: error.type,
      [ATTR_EXCEPTION_MESSAGE]: error.message,
      [ATTR_EXCEPTION_STACKTRACE]: error.stack,
    }),
    droppedAttributesCount: 0,
  }
}

function traits(data: McpcatEvent['identify_data']): KeyValue[] {
  const { email, ...others } = data ?? {}
  return [...pairs({ [ATTR_USER_EMAIL]: email }), ...withPrefix(PREFIX_MCPCAT_USER, others)]
}

function withPrefix(prefix: string, values: Readonly<Record<string, unknown>> = {}): KeyValue[] {
  return pairs(Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value])))
}

/** Attributes of what is there: text as it is, everything else as JSON. */
function pairs(values: Readonly<Record<string, unknown>>): KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined || value === null || value === '') return []
    return [{ key, value: { stringValue: typeof value === 'string' ? value : JSON.stringify(value) } }]
  })
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined
}

function digest(text: string, bytes: number): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, bytes * 2)
}
