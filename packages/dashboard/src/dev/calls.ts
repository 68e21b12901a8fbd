import { createHash } from 'node:crypto'
import type { KeyValue, Span, Traces } from '@mcpcat/collector'

/** One MCP request as a test words it; payloads are JSON text and stand in the span byte for byte. */
export interface Call {
  /** Start, in milliseconds since the epoch. */
  at: number
  /** Tells calls of the same start apart. */
  id?: string
  ms?: number
  method?: string
  tool?: string
  session?: string
  intent?: string
  request?: string
  response?: string
  user?: string
  userName?: string
  client?: string
  error?: { type: string; message: string; stack?: string }
  attributes?: Record<string, string>
}

/** Spans of these calls, from one server of one project. */
export function callTraces(project: string, calls: readonly Call[], resource: Record<string, string> = {}): Traces {
  return {
    resourceSpans: [
      {
        resource: {
          attributes: strings({ 'mcpcat.project.id': project, 'service.name': 'test-server', ...resource }),
          droppedAttributesCount: 0,
        },
        scopeSpans: [
          {
            scope: { name: 'test', version: '1', attributes: [], droppedAttributesCount: 0 },
            spans: calls.map((call) => spanOf(project, call)),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }
}

function spanOf(project: string, call: Call): Span {
  const { at, ms = 25, method = 'tools/call', tool = 'lookup', session = 'raw-1', error } = call
  const identity = createHash('sha256')
    .update(`${project} ${session} ${at} ${call.id ?? ''}`)
    .digest('hex')
  const start = BigInt(at) * 1_000_000n
  return {
    traceId: identity.slice(0, 32),
    spanId: identity.slice(32, 48),
    traceState: '',
    parentSpanId: '',
    flags: 1,
    name: method,
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(Math.round(ms * 1_000_000)),
    attributes: strings({
      'mcp.method.name': method,
      'mcp.session.id': session,
      'gen_ai.tool.name': method === 'tools/call' ? tool : undefined,
      'mcpcat.intent': call.intent,
      'gen_ai.tool.call.arguments': call.request,
      'gen_ai.tool.call.result': call.response,
      'user.id': call.user,
      'user.name': call.userName,
      'mcp.client.name': call.client ?? 'test-client',
      'mcp.client.version': '1.0.0',
      'error.type': error?.type,
      ...call.attributes,
    }),
    droppedAttributesCount: 0,
    events:
      error?.stack === undefined
        ? []
        : [
            {
              timeUnixNano: start,
              name: 'exception',
              attributes: strings({
                'exception.type': error.type,
                'exception.message': error.message,
                'exception.stacktrace': error.stack,
              }),
              droppedAttributesCount: 0,
            },
          ],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: error ? { code: 2, message: error.message } : { code: 0, message: '' },
  }
}

function strings(values: Record<string, string | undefined>): KeyValue[] {
  const attributes: KeyValue[] = []
  for (const [key, value] of Object.entries(values))
    if (value !== undefined) attributes.push({ key, value: { stringValue: value } })
  return attributes
}
