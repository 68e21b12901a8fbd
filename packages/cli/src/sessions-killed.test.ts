import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeTraces } from '@mcpcat/collector'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startCollector, type CollectorProcess } from './testing/collector-process.js'
import { crashRounds } from './testing/random.js'
import { mcpTraces, type McpSpan } from './testing/mcp-spans.js'
import { servedSessions } from './testing/stored-events.js'

const rounds = crashRounds(2)
let folder: string
let collector: CollectorProcess | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-sessions-killed-'))
  await writeFile(
    join(folder, 'otel-collector.yaml'),
    `extensions:
  store: { path: ./data }
  dashboard: { endpoint: '127.0.0.1:0', store: store }
  file_storage: { directory: ./memory }
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
processors: { sessions: { rules_from: store, storage: file_storage } }
exporters: { store: { store: store }, file: { path: ./spans.jsonl } }
service:
  extensions: [store, file_storage, dashboard]
  pipelines: { traces: { receivers: [otlp], processors: [sessions], exporters: [store, file] } }
`,
  )
})

afterEach(async () => {
  await collector?.kill()
  await rm(folder, { recursive: true, force: true })
})

/** A user whose client reconnects in mid-conversation, and somebody anonymous. */
function spans(round: number): McpSpan[] {
  return Array.from({ length: 12 }, (_, index) => {
    const n = 1 + round * 12 + index
    return {
      n,
      attributes:
        n % 3 === 0
          ? { 'mcp.session.id': 'anonymous' }
          : { 'mcp.session.id': `raw-${Math.floor(n / 8)}`, 'user.id': 'ada', 'mcp.client.name': 'client' },
    }
  })
}

async function stampedIds(): Promise<Map<string, string>> {
  const stamped = new Map<string, string>()
  for (const line of (await readFile(join(folder, 'spans.jsonl'), 'utf8')).split('\n').filter(Boolean)) {
    const request = JSON.parse(line) as {
      resourceSpans: { scopeSpans: { spans: { traceId: string; spanId: string; attributes: Attribute[] }[] }[] }[]
    }
    for (const { traceId, spanId, attributes } of request.resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    )) {
      const id = attributes.find(({ key }) => key === 'session.id')?.value.stringValue
      stamped.set(`${traceId}-${spanId}`, id ?? '')
    }
  }
  return stamped
}

interface Attribute {
  key: string
  value: { stringValue?: string }
}

it(
  `stamped session ids are those of the store, also after ${rounds} kill -9 in mid-session`,
  async () => {
    let dashboard = ''
    for (let round = 0; round <= rounds; round += 1) {
      collector = startCollector(folder)
      const ready = await collector.ready
      dashboard = ready.dashboard
      const response = await fetch(`${ready.otlpHttp}/v1/traces`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-protobuf' },
        body: new Uint8Array(encodeTraces(mcpTraces(spans(round)))),
      })
      expect(response.status).toBe(200)
      if (round < rounds) await collector.kill()
    }
    const stamped = await stampedIds()
    expect(stamped.size).toBe((rounds + 1) * 12)
    expect(stamped).toEqual(await servedSessions(dashboard))
    expect(new Set(stamped.values()).size).toBe(2)
  },
  60_000 + rounds * 20_000,
)
