import type { KeyValue, Span, Traces } from '../traces.js'

/** A batch of `count` spans as an MCP server sends them: one resource, one scope, 14 attributes a span. */
export function sampleTraces(count = 1, service = 'sample'): Traces {
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', service)], droppedAttributesCount: 0 },
        scopeSpans: [
          {
            scope: { name: '@mcpcat/instrumentation-mcp', version: '0.1.0', attributes: [], droppedAttributesCount: 0 },
            spans: Array.from({ length: count }, (_, index) => sampleSpan(index)),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }
}

const START = 1_790_000_000_000_000_000n

function sampleSpan(index: number): Span {
  const start = START + BigInt(index) * 1_000_000n
  return {
    traceId: (index + 1).toString(16).padStart(32, '0'),
    spanId: (index + 1).toString(16).padStart(16, '0'),
    traceState: '',
    parentSpanId: '',
    flags: 1,
    name: 'tools/call search_files',
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 25_000_000n,
    attributes: [
      text('mcp.method.name', 'tools/call'),
      text('mcp.protocol.version', '2025-11-25'),
      text('mcp.session.id', `session-${index % 100}`),
      text('mcp.client.name', 'claude-code'),
      text('mcp.client.version', '2.1.40'),
      text('mcp.server.name', 'files'),
      text('mcp.server.version', '1.4.0'),
      text('jsonrpc.request.id', String(index)),
      text('gen_ai.operation.name', 'execute_tool'),
      text('gen_ai.tool.name', 'search_files'),
      text('network.transport', 'tcp'),
      text('mcpcat.intent', 'Looking for the authentication code, to add a check where sessions are validated'),
      text('mcpcat.request', '{"name":"search_files","arguments":{"query":"authentication","limit":20}}'),
      text('mcpcat.response', '{"content":[{"type":"text","text":"src/auth/session.ts"}],"isError":false}'),
    ],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { message: '', code: 0 },
  }
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } }
}
