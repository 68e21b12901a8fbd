import type { KeyValue, Resource, Span, Traces } from '@mcpcat/collector'
import {
  addSharedAttributes,
  decodeTraces,
  encodeTraces,
  setSpanAttribute,
  sharedAttribute,
  textValues,
} from '@mcpcat/collector'
import { sampleTraces } from '@mcpcat/collector/testing'
import type { KnownStrands, SessionRules, Strand } from '@mcpcat/sessions'
import { defaultRules, knownRungs, knownStrands, readStrand } from '@mcpcat/sessions'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EvidenceReader } from './evidence-reader.js'
import { StrandsByEvidence } from './strands-by-evidence.js'

const everyRung: SessionRules = { ...defaultRules, ladder: knownRungs }

/** Few of each, so that much is said again: also what looks like the next value of a key, and what is too long for one. */
const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'a\u0002\0b', 'a\u0002\u0001b') },
  { weight: 1, arbitrary: fc.constantFrom('', 'é', 'x'.repeat(60), 'y'.repeat(60), 'z'.repeat(200)) },
)
const values = fc.oneof(
  { weight: 6, arbitrary: texts.map((stringValue) => ({ stringValue })) },
  { weight: 1, arbitrary: fc.constantFrom({ intValue: 7n }, { boolValue: true }, {}) },
)
const names = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('mcp.client.name', 'mcp.session.id', 'user.id', 'session.id') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...new Set([...knownStrands(everyRung).names, 'mcp.method.name', 'mcpcat.event.type', 'anything']),
    ),
  },
)
const attributes = fc.array(fc.record<KeyValue>({ key: names, value: values }), { maxLength: 4 })
const requests = fc.array(
  fc.record({
    resource: attributes,
    spans: fc.array(fc.record({ attributes, isTool: fc.boolean(), isSet: fc.nat(15) }), { maxLength: 12 }),
  }),
  { maxLength: 8 },
)
type Request = Parameters<Parameters<typeof requests.map>[0]>[0][number]

for (const [name, rules] of Object.entries({ 'the default rules': defaultRules, 'every rung': everyRung })) {
  test(`strands are those that are read from the values, by ${name}`, () => {
    fc.assert(
      fc.property(requests, (given) => {
        const strands = knownStrands(rules)
        const evidence = new EvidenceReader(strands.names)
        const byEvidence = new StrandsByEvidence(strands, 64)
        for (const request of given) {
          const { resource, spans } = decoded(request)
          for (const [index, span] of spans.entries()) {
            change(span, request.spans[index]?.isSet)
            const strand = evidence.read(span, resource) ? byEvidence.of(evidence, nameOf(span)).strand : undefined
            expect(strand).toEqual(strandIn(span, resource, rules))
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
}

test('what is said again is found again, also after what other resources say', () => {
  const strands = knownStrands(defaultRules)
  const asked: unknown[] = []
  const counted: KnownStrands = {
    ...strands,
    isOfValues: true,
    read(...parameters) {
      asked.push(parameters)
      return strands.read(...parameters)
    },
  }
  const evidence = new EvidenceReader(strands.names)
  const byEvidence = new StrandsByEvidence(counted)
  const of = (service: string, session: string): unknown => {
    const { resource, spans } = decoded({
      resource: [{ key: 'host.name', value: { stringValue: service } }],
      spans: [{ attributes: [{ key: 'mcp.session.id', value: { stringValue: session } }], isTool: true, isSet: 0 }],
    })
    evidence.read(spans[0] as Span, resource)
    return byEvidence.of(evidence, nameOf(spans[0] as Span))
  }
  const first = [of('a', '1'), of('b', '1'), of('a', '2')]
  expect(asked).toHaveLength(3)
  expect([of('a', '1'), of('b', '1'), of('a', '2')]).toEqual(first)
  expect(asked).toHaveLength(3)
})

test('the end of a value does not pass for the next one', () => {
  const strands = knownStrands(defaultRules)
  const evidence = new EvidenceReader(strands.names)
  const byEvidence = new StrandsByEvidence(strands)
  const clientOf = (said: Record<string, string>): string => {
    const own = Object.entries({ 'user.id': 'u', ...said }).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    }))
    const { resource, spans } = decoded({ resource: [], spans: [{ attributes: own, isTool: true, isSet: 0 }] })
    evidence.read(spans[0] as Span, resource)
    return byEvidence.of(evidence, nameOf(spans[0] as Span)).strand.client
  }
  const [client, session] = [1, 2]
  expect(strands.names[client]).toBe('mcp.client.name')
  expect(strands.names[session]).toBe('mcp.session.id')
  expect(clientOf({ 'mcp.client.name': 'a', 'mcp.session.id': 'b' })).toBe('a')
  for (const size of [0, 1]) {
    const longer = `a${String.fromCharCode(session, size)}b`
    expect(clientOf({ 'mcp.client.name': longer })).toBe(longer)
  }
})

/** As a receiver gives them: their attributes are in the bytes of the request. */
function decoded({ resource: ofResource, spans }: Request): { resource: Resource; spans: Span[] } {
  const traces: Traces = sampleTraces(spans.length)
  const group = traces.resourceSpans[0]!
  group.resource.attributes = ofResource
  for (const [index, { attributes: own, isTool }] of spans.entries()) {
    const method = { key: 'mcp.method.name', value: { stringValue: 'tools/call' } }
    group.scopeSpans[0]!.spans[index]!.attributes = isTool ? [method, ...own] : own
  }
  const { resource, scopeSpans } = decodeTraces(encodeTraces(traces)).resourceSpans[0]!
  return { resource, spans: scopeSpans[0]!.spans }
}

/** As a processor before this one may have. */
function change(span: Span, how: number | undefined): void {
  if (how === 1) setSpanAttribute(span, 'mcp.session.id', { stringValue: 'set' })
  if (how === 2) setSpanAttribute(span, 'user.id', { intValue: 1n })
  if (how === 3) addSharedAttributes(span, [sharedAttribute('user.id', { stringValue: 'shared' })])
  if (how === 4) expect(span.attributes).toBeDefined()
}

/** By names, of all that is said; from now on the span's attributes are a list. */
function strandIn(span: Span, resource: Resource, rules: SessionRules): Strand | undefined {
  const said = new Map([...textValues(resource.attributes), ...textValues(span.attributes)])
  const isEvent = span.attributes.some(({ key }) => key === 'mcp.method.name' || key === 'mcpcat.event.type')
  return isEvent ? readStrand((name) => said.get(name), nameOf(span), rules) : undefined
}

function nameOf({ traceId, spanId }: Span): { eventId: string; traceId: string } {
  return { eventId: `${traceId}-${spanId}`, traceId }
}
