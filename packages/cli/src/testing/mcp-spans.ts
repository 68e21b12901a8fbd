import type { KeyValue, Span, Traces } from '@mcpcat/collector'

const START_MS = Date.UTC(2026, 7, 1, 12)

/** What a test says of one MCP event; `n` makes its identity. */
export interface McpSpan {
  readonly n: number
  readonly attributes: Readonly<Record<string, string>>
}

/** A batch of tool calls, a tenth of a second apart in the order of `n`. */
export function mcpTraces(spans: readonly McpSpan[]): Traces {
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues({ 'service.name': 'test-server' }), droppedAttributesCount: 0 },
        scopeSpans: [
          {
            scope: { name: 'test', version: '1', attributes: [], droppedAttributesCount: 0 },
            spans: spans.map(toolCall),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }
}

/** The id under which the store keeps the event. */
export function eventIdOf(n: number): string {
  return `${hex(n, 32)}-${hex(n, 16)}`
}

function toolCall({ n, attributes }: McpSpan): Span {
  const start = BigInt(START_MS + n * 100) * 1_000_000n
  return {
    traceId: hex(n, 32),
    spanId: hex(n, 16),
    traceState: '',
    parentSpanId: '',
    flags: 0,
    name: 'tools/call add',
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 5_000_000n,
    attributes: keyValues({ 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'add', ...attributes }),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }
}

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0')
}

function keyValues(values: Readonly<Record<string, string>>): KeyValue[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
