import type { AnyValue, KeyValue, Span, Traces } from '@mcpcat/collector'

/** What a test says of a span; the rest is filled in. */
export interface TestSpan {
  /** Unique; becomes trace and span id. */
  n: number
  /** Milliseconds since the epoch. */
  startMs: number
  durationMs?: number
  traceId?: string
  /** Unique number of the span that is the parent. */
  parent?: number
  /** Default: the server's. */
  client?: boolean
  attributes?: Record<string, string | number | boolean>
  error?: string
  exception?: { type: string; message: string; stack: string }
}

export const T0: number = Date.UTC(2026, 7, 1, 12)

export function traces(spans: readonly TestSpan[], resource: Record<string, string> = {}): Traces {
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues({ 'service.name': 'test-server', ...resource }), droppedAttributesCount: 0 },
        scopeSpans: [
          {
            scope: { name: 'test', version: '1', attributes: [], droppedAttributesCount: 0 },
            spans: spans.map(span),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }
}

export function eventIdOf(n: number): string {
  return `${hex(n, 32)}-${hex(n, 16)}`
}

function span(test: TestSpan): Span {
  const start = BigInt(test.startMs) * 1_000_000n
  const { exception } = test
  return {
    traceId: test.traceId ?? hex(test.n, 32),
    spanId: hex(test.n, 16),
    traceState: '',
    parentSpanId: test.parent === undefined ? '' : hex(test.parent, 16),
    flags: 0,
    name: 'tools/call',
    kind: test.client ? 3 : 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(Math.round((test.durationMs ?? 0) * 1_000_000)),
    attributes: keyValues({ 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'add', ...test.attributes }),
    droppedAttributesCount: 0,
    events: exception
      ? [
          {
            name: 'exception',
            timeUnixNano: start,
            attributes: keyValues({
              'exception.type': exception.type,
              'exception.message': exception.message,
              'exception.stacktrace': exception.stack,
            }),
            droppedAttributesCount: 0,
          },
        ]
      : [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: test.error === undefined ? { code: 0, message: '' } : { code: 2, message: test.error },
  }
}

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0')
}

function keyValues(values: Record<string, string | number | boolean>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: string | number | boolean): AnyValue {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: BigInt(value) } : { doubleValue: value }
}
