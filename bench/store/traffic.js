// Believable traffic: sessions of some twenty calls over some ten minutes, interleaved as they happen
// and fewer at night, from several thousand users with several clients on three servers; a third
// anonymous; four in a hundred calls fail, few of them for a reason of their own. Ids are random, so
// that they compress as badly as real ones.
import { createHash } from 'node:crypto'

const CLIENTS = ['claude-ai', 'cursor', 'vscode', 'windsurf', 'zed', 'chatgpt']
const SERVERS = ['billing-mcp', 'support-mcp', 'deploy-mcp']
const VERBS = ['Find', 'Update', 'Delete', 'Compare', 'Summarize', 'Export', 'Check', 'Create']
const THINGS = ['invoice', 'customer', 'ticket', 'deployment', 'report', 'contract', 'branch', 'order', 'alert', 'page']
const REASONS = [
  'the user asked for it',
  'the totals differ',
  'the build failed',
  'it is due today',
  'the list was empty',
]
const ERROR_TYPES = ['tool_error', 'TypeError', 'timeout', '-32602']
/** How many sessions begin in each hour of a day, beside each other. */
const HOURS = [2, 2, 1, 1, 1, 2, 3, 5, 8, 10, 10, 9, 8, 9, 10, 10, 9, 8, 7, 6, 5, 4, 3, 3]
const HOURS_TOTAL = HOURS.reduce((sum, weight) => sum + weight, 0)

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

/** When, in milliseconds after midnight, the part `share` of a day's sessions has begun. */
function timeOfDay(share) {
  let left = share * HOURS_TOTAL
  let hour = 0
  while (hour < 23 && left >= HOURS[hour]) left -= HOURS[hour++]
  return (hour + left / HOURS[hour]) * 3_600_000
}

/**
 * The spans of one day, in order of start.
 *
 * @param {number} sessions how many begin on that day
 * @param {number} dayMs its midnight, in milliseconds since the epoch
 */
export function* daySpans(sessions, dayMs) {
  let pending = []
  for (let session = 0; session < sessions; session++) {
    const startMs = dayMs + timeOfDay(session / sessions)
    if (pending.length > 20_000) {
      const start = BigInt(Math.round(startMs * 1000)) * 1000n
      pending.sort((a, b) => (a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1))
      const later = pending.findIndex((each) => each.startTimeUnixNano >= start)
      yield* pending.splice(0, later < 0 ? pending.length : later)
    }
    pending.push(...sessionSpans(session, startMs))
  }
  yield* pending.toSorted((a, b) => (a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1))
}

/** @param {number} session its number, which decides everything about it */
function sessionSpans(session, startMs) {
  const random = mulberry32(session)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const server = pick(SERVERS)
  const who = {
    'mcp.session.id': digest(`session ${session}`).slice(0, 32),
    'mcp.client.name': pick(CLIENTS),
    'mcp.client.version': `1.${session % 9}.0`,
    'mcp.server.name': server,
    'mcp.protocol.version': '2025-11-25',
    'network.transport': 'tcp',
    'mcpcat.tag.environment': random() < 0.9 ? 'production' : 'staging',
  }
  // A few users do much more than the others.
  if (random() > 0.33) who['user.id'] = `user-${Math.floor(random() ** 3 * 5000)}`
  const calls = 1 + Math.floor(random() * 40)
  const spans = [
    span(session, 'initialize', startMs, 1, false, { ...who, 'mcp.method.name': 'initialize' }),
    span(session, 'list', startMs + 20, 1, false, { ...who, 'mcp.method.name': 'tools/list' }),
  ]
  let clock = startMs + 1000
  for (let call = 0; call < calls; call++) {
    const failed = random() < 0.04
    const tool = `${pick(['get', 'list', 'update', 'search', 'create'])}_${pick(THINGS)}`
    const errorType = pick(ERROR_TYPES)
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
        ...(random() < 0.005 ? { 'mcpcat.missing_tool': 'true' } : {}),
        ...(failed
          ? {
              'error.type': errorType,
              'mcpcat.error.fingerprint': `v1:${digest(`${server} ${tool} ${errorType}`).slice(0, 32)}`,
            }
          : {}),
      }),
    )
    clock += durationMs + random() * 30_000
  }
  return spans
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex')
}

function span(session, call, startMs, durationMs, failed, attributes) {
  const start = BigInt(Math.round(startMs * 1000)) * 1000n
  const id = digest(`${session} ${call}`)
  return {
    traceId: id.slice(0, 32),
    spanId: id.slice(32, 48),
    traceState: '',
    parentSpanId: '',
    flags: 1,
    name: attributes['mcp.method.name'],
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
