/** One request in OTLP JSON with every field of its traces, and every kind of attribute value, filled in. */
export function everyField(traceId: string): object {
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [text('service.name', 'interop'), text('mcpcat.project.id', 'proj_interop')],
          droppedAttributesCount: 1,
          entityRefs: [
            {
              schemaUrl: 'https://example.com/entity',
              type: 'service',
              idKeys: ['service.name'],
              descriptionKeys: ['x'],
            },
          ],
        },
        scopeSpans: [
          {
            scope: { name: 'scope', version: '1.2.3', attributes: [text('in', 'scope')], droppedAttributesCount: 2 },
            spans: [span(traceId)],
            schemaUrl: 'https://opentelemetry.io/schemas/1.41.0',
          },
        ],
        schemaUrl: 'https://opentelemetry.io/schemas/1.40.0',
      },
    ],
  }
}

function span(traceId: string): object {
  // Digits that a double does not hold.
  const start = BigInt(Date.now()) * 1_000_000n + 456_789n
  return {
    traceId,
    spanId: 'eee19b7ec3c1b174',
    parentSpanId: 'eee19b7ec3c1b173',
    traceState: 'vendor=value,other=2',
    flags: 0x301,
    name: 'tools/call search',
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 250_000_002n),
    attributes: [
      text('mcp.method.name', 'tools/call'),
      text('gen_ai.tool.name', 'search'),
      text('mcp.session.id', `session-${traceId}`),
      text('mcp.client.name', 'interop-client'),
      text('text', 'ä€😀'),
      text('empty', ''),
      { key: 'int', value: { intValue: '-9223372036854775808' } },
      { key: 'zero', value: { intValue: '0' } },
      { key: 'double', value: { doubleValue: 1.25 } },
      { key: 'no', value: { boolValue: false } },
      { key: 'bytes', value: { bytesValue: 'AP8Q' } },
      { key: 'nothing', value: {} },
      { key: 'none', value: { arrayValue: { values: [] } } },
      {
        key: 'list',
        value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }, { arrayValue: { values: [] } }] } },
      },
      {
        key: 'map',
        value: { kvlistValue: { values: [text('a', 'b'), { key: 'c', value: { kvlistValue: { values: [] } } }] } },
      },
    ],
    droppedAttributesCount: 3,
    events: [
      {
        timeUnixNano: String(start + 1n),
        name: 'exception',
        attributes: [text('exception.type', 'TypeError')],
        droppedAttributesCount: 4,
      },
    ],
    droppedEventsCount: 5,
    links: [
      {
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        traceState: 'linked=1',
        attributes: [text('why', 'linked')],
        droppedAttributesCount: 6,
        flags: 0x101,
      },
    ],
    droppedLinksCount: 7,
    status: { code: 2, message: 'went wrong' },
  }
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } }
}

/**
 * OTLP JSON in one normal form: what is absent and what has its default are the same, save the
 * member of a value that says its type; 64-bit integers are text.
 */
export function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).flatMap(([key, member]) => {
    const same = /^(?:intValue|\w+UnixNano)$/.test(key) ? String(member) : normal(member)
    return isOneOf(key) || !isDefault(same) ? [[key, same] as const] : []
  })
  return Object.fromEntries(members)
}

function isOneOf(key: string): boolean {
  return /^(?:string|bool|int|double|bytes|array|kvlist)Value$/.test(key)
}

function isDefault(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === undefined || value === '' || value === 0 || value === '0'
}
