import type { AnyValue, KeyValue, Span, Traces } from '@mcpcat/collector'
import { decodeTraces, encodeTraces, setSpanAttribute } from '@mcpcat/collector'
import { defaultRules } from '@mcpcat/sessions'
import * as fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from './engine.js'
import { openChdb } from './engine-chdb.js'
import { openClickHouse } from './engine-clickhouse.js'
import { eventBlock } from './event-block.js'
import { BatchFacts } from './event-facts.js'
import { EventReader } from './event-reader.js'
import { migrate } from './migrations.js'
import { stringColumn } from './native/columns.js'
import { nativeBlock } from './native/native-block.js'
import { fewEntriesColumn, manyEntriesColumn, SharedEntries } from './native/shared-entries.js'
import { SpokenOf } from './spoken-of.js'
import type { ClickHouseServer } from './testing/clickhouse-server.js'
import { clickHouseServers } from './testing/clickhouse-server.js'
import { PLAIN_EVENT_ROWS, plainEventRow } from './testing/plain-event-row.js'

/** In a request's bytes, what is no UTF-8 takes its place, and is read as {@link REPLACED}. */
const MARK = '~~'
const REPLACED = '\uFFFD\uFFFD'

/** Few values for each name, so that some events say the same and some do not. */
const PARTIES: Readonly<Record<string, readonly string[]>> = {
  'mcpcat.project.id': ['one', 'two', ''],
  'mcp.session.id': ['session-1', 'session-2', 'säßion', MARK, ''],
  'mcpcat.connection.id': ['connection', ''],
  'user.id': ['ada', 'é', MARK, ''],
  'user.name': ['Ada', 'Ad\u00e1', 'Adá~~', ''],
  'user.email': ['ada@example.com', ''],
  'mcpcat.user.plan': ['pro', 'free'],
  'mcp.client.name': ['claude', 'cursor', 'é', '\u00c3\u00a9', MARK, ''],
  'mcp.client.version': ['1.0', '1.1'],
  'mcp.server.name': ['files', ''],
  'mcp.server.version': ['2', '3'],
  'mcp.protocol.version': ['2025-11-25', '2025-06-18'],
  'network.transport': ['pipe', 'tcp'],
}
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'gen_ai.tool.name': ['search', 'read', ''],
  'mcpcat.intent': ['Find it', 'x'.repeat(300), `${'y'.repeat(200)}${MARK}`, ''],
  'mcpcat.request': ['{}', ''],
  'gen_ai.tool.call.result': ['found', ''],
  'mcpcat.error.fingerprint': ['f00d', ''],
  'error.type': ['tool_error', ''],
  'rpc.response.status_code': ['-32601', 'none'],
  'mcpcat.missing_tool': ['true', 'false'],
  'mcpcat.tag.team': ['a', 'b'],
  'session.id': ['ses_1', 'ses_2'],
  'name of its own': ['value', 'väl', ''],
  [`long ${'n'.repeat(100)}`]: ['value', ''],
}

const oddValue = fc.constantFrom<AnyValue>(
  { boolValue: true },
  { intValue: 7n },
  { doubleValue: 0.5 },
  { arrayValue: { values: [{ stringValue: 'x' }] } },
  {},
)

function attributeOf(values: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<KeyValue> {
  return fc.constantFrom(...Object.entries(values)).chain(([key, texts]) =>
    fc.record({
      key: fc.constant(key),
      value: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...texts).map((stringValue): AnyValue => ({ stringValue })) },
        { weight: 1, arbitrary: oddValue },
      ),
    }),
  )
}

const said = fc.record({
  attributes: fc.array(fc.oneof(attributeOf(PARTIES), attributeOf(OTHERS)), { maxLength: 14 }),
  /** Set after it was decoded, as processors do. */
  changed: fc.option(attributeOf({ ...PARTIES, ...OTHERS }), { freq: 5, nil: undefined }),
  /** It says what the one before says, and this. */
  likeBefore: fc.boolean(),
  start: fc.constantFrom(0n, 1_790_000_000_000_000_000n, 1_790_000_000_000_000_123n, 2n ** 64n - 1n),
  length: fc.constantFrom(0n, -5n, 25_000_000n, 90_000_000_000_000n),
  status: fc.constantFrom({ message: '', code: 0 }, { message: 'brök', code: 2 }),
  parentSpanId: fc.constantFrom('', 'aaaaaaaaaaaaaaaa'),
})
type Said = typeof said extends fc.Arbitrary<infer Value> ? Value : never
const requests = fc.array(
  fc.record({ service: fc.constantFrom('files', 'mäil', ''), spans: fc.array(said, { minLength: 1, maxLength: 12 }) }),
  { minLength: 1, maxLength: 4 },
)

describe.each(['embedded', 'server'])('rows of events in the engine (%s)', (kind) => {
  let path: string
  let engine: Engine
  let server: ClickHouseServer | undefined

  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'mcpcat-rows-'))
    if (kind === 'embedded') engine = await openChdb(path)
    else {
      ;[server] = await clickHouseServers(path)
      const access = { username: 'default', password: '', database: 'default', timeoutMs: 30_000 }
      engine = await openClickHouse({ url: server?.url ?? '', ...access })
    }
    await migrate(engine)
  })

  afterAll(async () => {
    await engine.close()
    await server?.stop()
    await rm(path, { recursive: true, force: true })
  })

  test('say what their spans say, whoever spoke before', { timeout: 300_000 }, async () => {
    const reader = new EventReader(defaultRules)
    const spokenOf = new SpokenOf()
    const rows = eventBlock(spokenOf)
    const facts = new BatchFacts(spokenOf)
    await fc.assert(
      fc.asyncProperty(requests, fc.boolean(), async (given, areListed) => {
        rows.clear()
        facts.clear()
        const expected: Record<string, unknown>[] = []
        for (const [index, request] of given.entries()) {
          const { plain, sent } = tracesOf(request, index)
          const [{ resource, scopeSpans }] = plain.resourceSpans as [Traces['resourceSpans'][number]]
          for (const span of scopeSpans[0]!.spans) expected.push(plainEventRow(span, resource, defaultRules))
          const [read] = (areListed ? plain : sent).resourceSpans as [Traces['resourceSpans'][number]]
          for (const span of read.scopeSpans[0]!.spans) {
            reader.read(span, read.resource)
            const spoken = spokenOf.by(reader)
            rows.push(reader, spoken)
            facts.push(reader, spoken)
          }
        }
        await engine.command('TRUNCATE TABLE events')
        await engine.insertBlock('events', rows.block(0))
        expected.sort((a, b) => (String(a['event_id']) < String(b['event_id']) ? -1 : 1))
        expect(await engine.query(PLAIN_EVENT_ROWS)).toEqual(expected)
        const ids = facts.strands().flatMap((of) => facts.eventsOf(of).map(({ eventId }) => eventId))
        expect(ids.toSorted()).toEqual(expected.map((row) => row['event_id']))
      }),
      { numRuns: kind === 'embedded' ? 40 : 10 },
    )
  })

  test('share more entries than two bytes can tell apart, and equal ones', async () => {
    await engine.command('CREATE TABLE shared (row String, a String, b String) ENGINE = MergeTree ORDER BY tuple()')
    const shared = new SharedEntries()
    const columns = { row: stringColumn(), a: fewEntriesColumn(shared), b: manyEntriesColumn(shared) }
    for (const count of [3, 70_000]) {
      for (let entry = 0; entry < count; entry += 1) {
        shared.add()
        columns.a.add(`entry ${entry % 60_000}`)
        columns.b.add(`entry ${entry}`)
      }
      for (let row = 0; row < count; row += 1) {
        columns.row.push(String(row))
        shared.push(count - 1 - row)
      }
      await engine.insertBlock('shared', nativeBlock(columns, count))
      const right = `a = concat('entry ', toString((${count} - 1 - toUInt32(row)) % 60000)) AND
        b = concat('entry ', toString(${count} - 1 - toUInt32(row)))`
      expect(await engine.query(`SELECT count() AS rows, countIf(${right}) AS right FROM shared`)).toEqual([
        { rows: String(count), right: String(count) },
      ])
      await engine.command('TRUNCATE TABLE shared')
      shared.clear()
      for (const column of Object.values(columns)) column.clear()
    }
  })
})

/** A request as it is sent in bytes, and what it says. */
function tracesOf(
  request: { service: string; spans: readonly Said[] },
  number: number,
): { plain: Traces; sent: Traces } {
  const service = [{ key: 'service.name', value: { stringValue: request.service } }]
  let before: readonly KeyValue[] = []
  const spans = request.spans.map((of, index) => {
    const attributes = [...(of.likeBefore ? before : []), ...of.attributes]
    before = attributes
    return spanOf(number * 100 + index, of, attributes)
  })
  const traces: Traces = {
    resourceSpans: [
      {
        resource: { attributes: service, droppedAttributesCount: 0 },
        scopeSpans: [
          { scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 }, spans, schemaUrl: '' },
        ],
        schemaUrl: '',
      },
    ],
  }
  const bytes = encodeTraces(traces)
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at)) bytes.fill(0xff, at, at + MARK.length)
  const sent = decodeTraces(bytes)
  for (const span of spans) for (const attribute of span.attributes) attribute.value = replaced(attribute.value)
  for (const [index, { changed }] of request.spans.entries()) {
    if (!changed) continue
    const { key, value } = { key: changed.key, value: replaced(changed.value) }
    setSpanAttribute(spans[index] as Span, key, value)
    setSpanAttribute(sent.resourceSpans[0]!.scopeSpans[0]!.spans[index] as Span, key, value)
  }
  return { plain: traces, sent }
}

function replaced(value: AnyValue): AnyValue {
  return value.stringValue === undefined ? value : { stringValue: value.stringValue.replaceAll(MARK, REPLACED) }
}

function spanOf(number: number, { start, length, status, parentSpanId }: Said, attributes: readonly KeyValue[]): Span {
  const end = start + length
  return {
    traceId: (number + 1).toString(16).padStart(32, '0'),
    spanId: (number + 1).toString(16).padStart(16, '0'),
    traceState: '',
    parentSpanId,
    flags: 1,
    name: 'tools/call',
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: end < 0n ? 0n : BigInt.asUintN(64, end > 2n ** 64n - 1n ? 2n ** 64n - 1n : end),
    attributes: [
      { key: 'mcp.method.name', value: { stringValue: 'tools/call' } },
      ...attributes.map(({ key, value }) => ({ key, value })),
    ],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status,
  }
}
