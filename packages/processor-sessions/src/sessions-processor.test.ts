import type { Component, ComponentContext, ExtensionFactory, Span, Traces } from '@mcpcat/collector'
import { duration, genericComponents, loadConfig, resolveConfig, stringAttribute, UserError } from '@mcpcat/collector'
import { testHost } from '@mcpcat/collector/testing'
import type { RulesFactory, RulesSource } from '@mcpcat/sessions'
import { sessionRules } from '@mcpcat/sessions'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sessionsProcessor } from './index.js'

const T0 = BigInt(Date.UTC(2026, 7, 1, 12)) * 1_000_000n
const MINUTE = 60_000_000_000n

const context = { id: 'sessions', logger: {} } as unknown as ComponentContext

const shortGap: Component & RulesSource = { sessionRules: sessionRules({ gapMs: 60_000, handles: [] }) }

function harness(config: object = {}): { send: (spans: Span[]) => Promise<Span[]>; component: Component } {
  let passed: Span[] = []
  const processor = sessionsProcessor.create(sessionsProcessor.configSchema.parse(config), context, {
    consumeTraces(traces) {
      passed = traces.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
      return Promise.resolve()
    },
    consumePayload: () => Promise.resolve(),
  })
  return {
    component: processor,
    async send(spans) {
      const traces: Traces = {
        resourceSpans: [
          {
            resource: { attributes: [], droppedAttributesCount: 0 },
            schemaUrl: '',
            scopeSpans: [
              { scope: { name: 'x', version: '', attributes: [], droppedAttributesCount: 0 }, schemaUrl: '', spans },
            ],
          },
        ],
      }
      await processor.consumeTraces(traces)
      return passed
    },
  }
}

let n = 1
function span(start: bigint, attributes: Record<string, string>): Span {
  const id = (n++).toString(16)
  return {
    traceId: id.padStart(32, '0'),
    spanId: id.padStart(16, '0'),
    traceState: '',
    parentSpanId: '',
    flags: 0,
    name: 'tools/call',
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 1_000_000n,
    attributes: Object.entries({ 'mcp.method.name': 'tools/call', ...attributes }).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    })),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }
}

function sessionOf(stamped: Span | undefined): string | undefined {
  return stamped && stringAttribute(stamped.attributes, 'session.id')
}

test('a user whose client resets its protocol session stays in one session', async () => {
  const { send } = harness()
  const [first] = await send([span(T0, { 'mcp.session.id': 'a', 'user.id': 'u', 'mcp.client.name': 'c' })])
  const [second] = await send([span(T0 + MINUTE, { 'mcp.session.id': 'b', 'user.id': 'u', 'mcp.client.name': 'c' })])
  expect(sessionOf(second)).toBe(sessionOf(first))
  expect(stringAttribute(second?.attributes ?? [], 'mcpcat.session.source')).toBe('identity')
})

test('a late identify gives the new id, and names the one before', async () => {
  const { send } = harness()
  const [first] = await send([span(T0, { 'mcp.session.id': 'a' })])
  const [second] = await send([span(T0 + MINUTE, { 'mcp.session.id': 'a', 'user.id': 'u' })])
  const [third] = await send([span(T0 + 2n * MINUTE, { 'mcp.session.id': 'a' })])
  expect(sessionOf(second)).not.toBe(sessionOf(first))
  expect(sessionOf(third)).toBe(sessionOf(second))
  expect(stringAttribute(third?.attributes ?? [], 'session.previous_id')).toBe(sessionOf(first))
})

test('the application’s own session id is one session, and stays readable as its handle', async () => {
  const { send } = harness()
  const [first] = await send([span(T0, { 'session.id': 'mine' })])
  const [second] = await send([span(T0 + 600n * MINUTE, { 'session.id': 'mine' })])
  expect(sessionOf(second)).toBe(sessionOf(first))
  expect(stringAttribute(first?.attributes ?? [], 'mcpcat.session.handle')).toBe('mine')
})

test('what the instrumentation stamped for a connection is replaced', async () => {
  const { send } = harness()
  const stamped = { 'session.id': 'conn-1', 'mcpcat.session.source': 'connection', 'mcpcat.connection.id': 'conn-1' }
  const [first, second] = await send([span(T0, stamped), span(T0 + MINUTE, stamped)])
  expect(sessionOf(first)).toMatch(/^ses_/)
  expect(sessionOf(second)).toBe(sessionOf(first))
  expect(stringAttribute(first?.attributes ?? [], 'mcpcat.session.source')).toBe('connection')
  expect(stringAttribute(first?.attributes ?? [], 'mcpcat.session.handle')).toBeUndefined()
})

test('an anonymous stateless event is alone; several calls of one trace are together', async () => {
  const { send } = harness()
  const alone = span(T0, {})
  const [a, b] = await send([alone, span(T0, {})])
  expect(sessionOf(a)).not.toBe(sessionOf(b))
  expect(stringAttribute(a?.attributes ?? [], 'mcpcat.session.source')).toBe('isolated')
  const again = { ...span(T0 + MINUTE, {}), traceId: alone.traceId }
  const [c] = await send([again])
  expect(sessionOf(c)).toBe(sessionOf(a))
  expect(stringAttribute(c?.attributes ?? [], 'mcpcat.session.source')).toBe('inferred')
})

test('spans that are no MCP events pass as they are', async () => {
  const { send } = harness()
  const other = { ...span(T0, {}), attributes: [] }
  expect(await send([other])).toEqual([other])
  expect(other.attributes).toEqual([])
})

test('the rules of a store may be taken instead of own ones', async () => {
  const { send, component } = harness({ rules_from: 'store' })
  await component.start?.(testHost({ store: shortGap }))
  const raw = { 'mcp.session.id': 'a' }
  const [first, soon, late] = await send([span(T0, raw), span(T0 + MINUTE / 2n, raw), span(T0 + 3n * MINUTE, raw)])
  expect(sessionOf(soon)).toBe(sessionOf(first))
  expect(sessionOf(late)).not.toBe(sessionOf(first))

  expect(() => harness({ rules_from: 'store', gap: '5m' })).toThrow('leave gap, handles and ladder out')
  const none = harness({ rules_from: 'store' })
  await expect(none.component.start?.(testHost({ store: {} }))).rejects.toThrow(UserError)
})

describe('before anything runs', () => {
  const store: ExtensionFactory<{ gap: number }> & RulesFactory<{ gap: number }> = {
    kind: 'extension',
    type: 'store',
    description: 'rules alone',
    configSchema: z.strictObject({ gap: duration('30m') }),
    rulesOf: ({ gap }) => sessionRules({ gapMs: gap, handles: [] }),
    create: () => ({}),
  }
  const remarks = (settings: object, extension = 'store'): readonly string[] =>
    resolveConfig(
      loadConfig({
        sources: [],
        sets: [
          `extensions={store: {gap: 1m}, health_check: }`,
          `receivers={otlp: {protocols: {http: }}}`,
          `processors={sessions/own: ${JSON.stringify(settings)}}`,
          `exporters={debug: }`,
          `service={extensions: [${extension}], pipelines: {traces: {receivers: [otlp], processors: [sessions/own], exporters: [debug]}}}`,
        ],
      }),
      [...genericComponents, store, sessionsProcessor],
    ).remarks

  test('rules that differ from those of a store are told, naming both', () => {
    expect(remarks({})).toEqual([
      expect.stringMatching(
        /^processors\.sessions\/own: .*extensions\.store\.sessions differ.*set processors\.sessions\/own\.rules_from: store/,
      ),
    ])
    expect(remarks({ gap: '1m' })).toEqual([])
    expect(remarks({ rules_from: 'store' })).toEqual([])
  })

  test('rules, or a storage, of what has none are refused', () => {
    expect(() => remarks({ rules_from: 'stor' })).toThrow(
      'processors.sessions/own.rules_from: service.extensions does not list "stor"; did you mean "store"?',
    )
    expect(() => remarks({ rules_from: 'health_check' }, 'health_check')).toThrow(
      'processors.sessions/own.rules_from: the extension "health_check" has no session rules; name a store',
    )
    expect(() => remarks({ gap: '1m', storage: 'file_storage' })).toThrow(
      'processors.sessions/own.storage: service.extensions does not list "file_storage"',
    )
  })
})
