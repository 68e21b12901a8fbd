import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeTraces, runCollector } from '@mcpcat/collector'
import { expect, it } from 'vitest'
import { components } from './components.js'
import { mcpcat } from './testing/collector-process.js'
import { eventIdOf, mcpTraces, type McpSpan } from './testing/mcp-spans.js'

const REQUESTS = 48
const AT_ONCE = 4

it('what is stored of a request is what it said, whatever came into its memory afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-reused-memory-'))
  try {
    const collector = await runCollector({
      config: {
        extensions: { store: { path: join(folder, 'mcpcat-data') } },
        receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
        processors: { sessions: {}, filter: { spans: { exclude: { span_names: ['none'] } } } },
        exporters: { store: { store: 'store' } },
        service: {
          extensions: ['store'],
          pipelines: { traces: { receivers: ['otlp'], processors: ['sessions', 'filter'], exporters: ['store'] } },
        },
      },
      factories: components,
    })
    const url = `${collector.endpoints[0]?.url}/v1/traces`
    const requests = Array.from({ length: REQUESTS }, (_, request) => spansOf(request))
    const waiting = [...requests]
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let spans = waiting.pop(); spans; spans = waiting.pop()) {
          const body = new Uint8Array(encodeTraces(mcpTraces(spans)))
          const answer = await fetch(url, {
            method: 'POST',
            headers: { 'Content-Type': 'application/x-protobuf' },
            body,
          })
          expect(answer.status).toBe(200)
        }
      }),
    )
    await collector.shutdown()

    const sent = new Map(requests.flat().map(({ n, attributes }) => [eventIdOf(n), columnsOf(attributes)]))
    expect(await stored(folder)).toEqual(sent)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

/** Of many sizes, with texts that differ everywhere. */
function spansOf(request: number): McpSpan[] {
  return Array.from({ length: 40 + (request % 7) * 150 }, (_, index) => ({
    n: request * 10_000 + index + 1,
    attributes: {
      'mcp.session.id': randomText(20),
      'user.id': randomText(8),
      'mcpcat.intent': randomText(60),
      'mcpcat.request': randomText(20 + (index % 300)),
      [`custom.${index % 5}`]: randomText(30),
    },
  }))
}

function randomText(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length)
}

function columnsOf(attributes: McpSpan['attributes']): string[] {
  const custom = Object.entries(attributes).find(([name]) => name.startsWith('custom.')) as [string, string]
  const [session, user, intent, request] = ['mcp.session.id', 'user.id', 'mcpcat.intent', 'mcpcat.request']
  return [session, user, intent, request].map((name) => attributes[name] ?? '').concat(custom)
}

async function stored(folder: string): Promise<Map<string, string[]>> {
  const { code, output } = await mcpcat(
    folder,
    'sql',
    `SELECT event_id, mcp_session_id, user_id, intent, request,
            arrayFilter(name -> startsWith(name, 'custom.'), mapKeys(attributes))[1] AS custom, attributes[custom]
     FROM events FINAL`,
    '--format',
    'TSV',
  )
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
  const rows = output.split('\n').filter(Boolean)
  return new Map(rows.map((row) => row.split('\t')).map(([id, ...columns]) => [id as string, columns]))
}
