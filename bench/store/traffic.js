// Believable traffic: sessions of some twenty calls over some ten minutes, from several thousand
// users with several clients; a third anonymous; four in a hundred calls fail.

const CLIENTS = ['claude-ai', 'cursor', 'vscode', 'windsurf', 'zed', 'chatgpt']
const VERBS = ['Find', 'Update', 'Delete', 'Compare', 'Summarize', 'Export', 'Check', 'Create']
const THINGS = ['invoice', 'customer', 'ticket', 'deployment', 'report', 'contract', 'branch', 'order', 'alert', 'page']
const REASONS = [
  'the user asked for it',
  'the totals differ',
  'the build failed',
  'it is due today',
  'the list was empty',
]

/** Uniform in [0, 1), the same sequence for the same seed. */
export function mulberry32(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * The spans of one session.
 *
 * @param {number} session its number, which decides everything about it
 * @param {number} startMs milliseconds since the epoch
 */
export function sessionSpans(session, startMs) {
  const random = mulberry32(session)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const who = {
    'mcp.session.id': `s${session.toString(16)}`,
    'mcp.client.name': pick(CLIENTS),
    'mcp.client.version': `1.${session % 9}.0`,
    'mcp.protocol.version': '2025-11-25',
    'network.transport': 'tcp',
  }
  // A few users do much more than the others.
  if (random() > 0.33) who['user.id'] = `user-${Math.floor(random() ** 3 * 5000)}`
  const calls = 1 + Math.floor(random() * 40)
  const spans = []
  let clock = startMs
  for (let call = 0; call < calls; call++) {
    const failed = random() < 0.04
    const tool = `${pick(['get', 'list', 'update', 'search', 'create'])}_${pick(THINGS)}`
    const durationMs = 2 + random() ** 4 * 3000
    spans.push(
      span(session, call, clock, durationMs, failed, {
        ...who,
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': tool,
        'jsonrpc.request.id': String(call),
        'mcpcat.intent': `${pick(VERBS)} the ${pick(THINGS)} ${Math.floor(random() * 9999)} because ${pick(REASONS)}`,
        'gen_ai.tool.call.arguments': JSON.stringify({
          id: Math.floor(random() * 1e6),
          query: pick(THINGS),
          limit: 20,
        }),
        'gen_ai.tool.call.result': JSON.stringify({
          content: [{ type: 'text', text: `${pick(THINGS)} ${Math.floor(random() * 1e6)} `.repeat(8) }],
        }),
        ...(failed ? { 'error.type': 'tool_error' } : {}),
      }),
    )
    clock += durationMs + random() * 30_000
  }
  return spans
}

function span(session, call, startMs, durationMs, failed, attributes) {
  const start = BigInt(Math.round(startMs * 1000)) * 1000n
  const id = (session * 64 + call).toString(16)
  return {
    traceId: id.padStart(32, '0'),
    spanId: id.padStart(16, '0'),
    traceState: '',
    parentSpanId: '',
    flags: 1,
    name: `tools/call ${attributes['gen_ai.tool.name']}`,
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(Math.round(durationMs * 1000)) * 1000n,
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: failed ? { code: 2, message: 'not found' } : { code: 0, message: '' },
  }
}

/** One OTLP batch of these spans. */
export function batchOf(spans) {
  const attributes = [
    { key: 'service.name', value: { stringValue: 'bench-server' } },
    { key: 'mcpcat.project.id', value: { stringValue: 'bench' } },
  ]
  return {
    resourceSpans: [
      {
        resource: { attributes, droppedAttributesCount: 0 },
        scopeSpans: [
          { scope: { name: 'bench', version: '1', attributes: [], droppedAttributesCount: 0 }, spans, schemaUrl: '' },
        ],
        schemaUrl: '',
      },
    ],
  }
}
