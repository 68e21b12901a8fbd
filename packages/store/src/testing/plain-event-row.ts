import type { Resource, Span } from '@mcpcat/collector'
import { textValues } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import { eventInterval, KnownStrand, readStrand } from '@mcpcat/sessions'
import { COLUMNED, CONTENTS } from '../event-places.js'
import { clamped } from '../timestamps.js'

/** Asks for rows as {@link plainEventRow} gives them, in the order of their ids. */
export const PLAIN_EVENT_ROWS = `SELECT project, own_key, scope, toString(toUnixTimestamp64Nano(ts)) AS ts,
  toString(toUnixTimestamp64Nano(end_ts)) AS end_ts, event_id, rung, actor, user_id, user_name, user_traits,
  client_name, client_version, server_name, server_version, protocol_version, transport, mcp_session_id,
  connection_id, parent_span_id, kind, method, target, duration_ns, is_error, is_missing_tool, error_type,
  jsonrpc_code, error_message, error_stack, error_fingerprint, error_template, intent, request, response, tags,
  attributes, resource FROM events ORDER BY event_id`

/** The row of an event without an exception, made one column after the other with nothing that is remembered. */
export function plainEventRow(span: Span, resource: Resource, rules: SessionRules): Record<string, unknown> {
  const ofResource = textValues(resource.attributes)
  const values = textValues(span.attributes)
  const text = (name: string): string => values.get(name) ?? ''
  const eventId = `${span.traceId}-${span.spanId}`
  const lookup = (name: string): string | undefined => values.get(name) ?? ofResource.get(name)
  const { strand, key } = new KnownStrand(rules, readStrand(lookup, { eventId, traceId: span.traceId }, rules))
  const interval = eventInterval(eventId, span.startTimeUnixNano, span.endTimeUnixNano)
  const start = clamped(interval.start)
  const duration = span.endTimeUnixNano < start ? 0n : span.endTimeUnixNano - start
  const code = Number.parseInt(text('rpc.response.status_code'), 10)
  const email = values.get('user.email')
  const { project, scope, rung, actor } = strand
  return {
    project,
    own_key: key.hash,
    scope,
    ts: String(start),
    end_ts: String(clamped(interval.end)),
    event_id: eventId,
    rung,
    actor,
    user_id: text('user.id'),
    user_name: text('user.name'),
    user_traits: { ...(email === undefined ? {} : { email }), ...ofPrefix(values, 'mcpcat.user.') },
    client_name: text('mcp.client.name'),
    client_version: text('mcp.client.version'),
    server_name: values.get('mcp.server.name') ?? ofResource.get('service.name') ?? '',
    server_version: text('mcp.server.version'),
    protocol_version: text('mcp.protocol.version'),
    transport: text('network.transport'),
    mcp_session_id: text('mcp.session.id'),
    connection_id: text('mcpcat.connection.id'),
    parent_span_id: span.parentSpanId,
    kind: 'server',
    method: text('mcp.method.name'),
    target: text('gen_ai.tool.name') || text('gen_ai.prompt.name') || text('mcp.resource.uri'),
    duration_ns: String(duration > LONGEST ? LONGEST : duration),
    is_error: values.has('error.type') || span.status.code === 2,
    is_missing_tool: text('mcpcat.missing_tool') === 'true',
    error_type: text('error.type'),
    jsonrpc_code: code === (code | 0) ? code : null,
    error_message: span.status.message,
    error_stack: '',
    error_fingerprint: text('mcpcat.error.fingerprint'),
    error_template: text('mcpcat.error.template'),
    intent: text('mcpcat.intent'),
    request: values.get('gen_ai.tool.call.arguments') ?? text('mcpcat.request'),
    response: values.get('gen_ai.tool.call.result') ?? text('mcpcat.response'),
    tags: ofPrefix(values, 'mcpcat.tag.'),
    attributes: Object.fromEntries([...values].filter(([name, value]) => isOther(name, value))),
    resource: Object.fromEntries(ofResource),
  }
}

const LONGEST = 2n ** 63n - 1n

function ofPrefix(values: ReadonlyMap<string, string>, prefix: string): Record<string, string> {
  const entries = [...values].filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]))
}

function isOther(name: string, value: string): boolean {
  if (name.startsWith('mcpcat.tag.') || CONTENTS.includes(name)) return false
  return value === '' || !COLUMNED.includes(name)
}
