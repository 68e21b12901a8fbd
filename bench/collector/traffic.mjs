// OTLP requests of many live MCP sessions at once: prepared bytes in which only ids, times and session ids are
// overwritten for each request, so that no span is ever sent twice and the sender costs little.
import { randomFillSync, randomUUID } from 'node:crypto'
import { encodeTraces } from '@mcpcat/collector'
import { sampleTraces } from '@mcpcat/collector/testing'

const CLIENTS = ['claude-code', 'cursor', 'windsurf', 'vscode', 'zed', 'goose', 'claude-desktop', 'cline']
const TOOLS = ['search_files', 'read_file', 'write_file', 'list_directory', 'run_tests', 'git_diff', 'grep']
const LEAST_EVENTS = 10
const MOST_EVENTS = 20
const SESSION_ID = '00000000-0000-0000-0000-000000000000'.length

/**
 * @param spans of a request.
 * @param live sessions at a time; each has ten to twenty events, then another one takes its place.
 * @returns a function that gives the next request's bytes, which stay valid until the request has been answered.
 */
export function traffic(spans, live) {
  const template = prepared(spans)
  const sessions = Array.from({ length: Math.ceil(live / CLIENTS.length) * CLIENTS.length }, opened)
  const random = Buffer.alloc(spans * 24)
  const free = []
  const stats = { sessions: sessions.length }

  function next() {
    const bytes = free.pop() ?? Buffer.from(template.bytes)
    const now = BigInt(Date.now()) * 1_000_000n
    randomFillSync(random)
    for (const [index, at] of template.spans.entries()) {
      // A session stays with its client.
      const slot =
        Math.floor(Math.random() * (sessions.length / CLIENTS.length)) * CLIENTS.length + (index % CLIENTS.length)
      const session = sessions[slot]
      bytes.latin1Write(session.id, at.session)
      if (--session.left === 0) {
        sessions[slot] = opened()
        stats.sessions += 1
      }
      random.copy(bytes, at.traceId, index * 24, index * 24 + 16)
      random.copy(bytes, at.spanId, index * 24 + 16, index * 24 + 24)
      const start = now + BigInt(index) * 1000n
      bytes.writeBigUInt64LE(start, at.start)
      bytes.writeBigUInt64LE(start + 25_000_000n, at.end)
    }
    return bytes
  }

  return { next, release: (bytes) => free.push(bytes), stats }
}

function opened() {
  return { id: randomUUID(), left: LEAST_EVENTS + Math.floor(Math.random() * (MOST_EVENTS - LEAST_EVENTS + 1)) }
}

/** A request's bytes, and where in them is what differs from one to the next. */
function prepared(count) {
  const traces = sampleTraces(count, 'bench')
  const { spans } = traces.resourceSpans[0].scopeSpans[0]
  const marks = spans.map((span, index) => {
    const mark = (index + 1).toString(16).padStart(8, '0')
    span.traceId = `a5a5a5a5a5a5a5a5a5a5a5a5${mark}`
    span.spanId = `5b5b5b5b${mark}`
    span.startTimeUnixNano = 0x7171717100000000n + BigInt(index)
    span.endTimeUnixNano = 0x7272727200000000n + BigInt(index)
    const session = `s${mark}`.padEnd(SESSION_ID, '~')
    const tool = TOOLS[(index * 5) % TOOLS.length]
    set(span, 'mcp.session.id', session)
    set(span, 'mcp.client.name', CLIENTS[index % CLIENTS.length])
    set(span, 'gen_ai.tool.name', tool)
    set(span, 'mcpcat.intent', `Looking for the authentication code with ${tool}, to add check ${index % 97} to it`)
    set(span, 'mcpcat.request', `{"name":"${tool}","arguments":{"query":"authentication ${index}","limit":20}}`)
    span.name = `tools/call ${tool}`
    return { span, session }
  })
  const bytes = encodeTraces(traces)
  let from = 0
  return {
    bytes,
    spans: marks.map(({ span, session }) => {
      const traceId = bytes.indexOf(Buffer.from(span.traceId, 'hex'), from)
      from = traceId
      return {
        traceId,
        spanId: bytes.indexOf(Buffer.from(span.spanId, 'hex'), from),
        start: bytes.indexOf(fixed64(span.startTimeUnixNano), from),
        end: bytes.indexOf(fixed64(span.endTimeUnixNano), from),
        session: bytes.indexOf(session, from, 'latin1'),
      }
    }),
  }
}

function set(span, key, stringValue) {
  span.attributes.find((attribute) => attribute.key === key).value = { stringValue }
}

function fixed64(value) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}
