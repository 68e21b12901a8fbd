import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { attributesOf } from '../attributes/span-attributes.js'
import { spanInBytes } from '../attributes/span-bytes.js'
import { cloneTraces, plainSpan } from '../clone-traces.js'
import { arbitraryTraces } from '../conformance/arbitrary-traces.js'
import { sampleTraces } from '../testing/sample-traces.js'
import type { Span, Traces } from '../traces.js'
import { decodeTraces } from './decode-traces.js'
import { encodeTraces } from './encode-traces.js'

/** Each changes one field, as a component may. */
const changes: ((span: Span) => void)[] = [
  (span) => (span.traceId = 'a1'.repeat(16)),
  (span) => (span.spanId = 'b2'.repeat(8)),
  (span) => (span.parentSpanId = ''),
  (span) => (span.traceState = 'a=b'),
  (span) => (span.flags = 1),
  (span) => (span.name = 'another'),
  (span) => (span.kind = 3),
  (span) => (span.startTimeUnixNano = 7n),
  (span) => (span.endTimeUnixNano = 8n),
  (span) => (span.droppedAttributesCount = 1),
  (span) => (span.droppedEventsCount = 2),
  (span) => (span.droppedLinksCount = 3),
  (span) => span.events.push({ timeUnixNano: 1n, name: 'event', attributes: [], droppedAttributesCount: 0 }),
  (span) => (span.events = []),
  (span) => (span.links = []),
  (span) => (span.links.length = 0),
  (span) => (span.status.message = 'redacted'),
  (span) => (span.status = { message: '', code: 2 }),
  (span) => span.attributes.push({ key: 'key', value: { boolValue: true } }),
  (span) => (span.attributes = []),
]

test('a decoded span reads and changes as a plain one, and so does its copy', () => {
  fc.assert(
    fc.property(arbitraryTraces, fc.array(fc.constantFrom(...changes), { maxLength: 4 }), (given, made) => {
      const plain = spansOf(cloneTraces(given))
      const decoded = decodeTraces(encodeTraces(given))
      const copies = spansOf(cloneTraces(decoded))
      for (const [index, span] of spansOf(decoded).entries()) {
        const copy = copies[index] as Span
        const expected = plain[index] as Span
        for (const change of made) {
          expect(fieldByField(span)).toEqual(expected)
          change(span)
          change(expected)
        }
        expect(fieldByField(span)).toEqual(expected)
        expect(plainSpan(span)).toEqual(expected)
        expect(fieldByField(copy)).toEqual(spansOf(given)[index])
        for (const change of made) change(copy)
        expect(fieldByField(copy)).toEqual(expected)
      }
    }),
    { numRuns: 300 },
  )
})

test('what it says in its bytes is what its fields say, until one is changed', () => {
  fc.assert(
    fc.property(arbitraryTraces, fc.constantFrom(...changes.slice(0, -2)), (given, change) => {
      for (const span of spansOf(decodeTraces(encodeTraces(given)))) {
        const inBytes = spanInBytes(span)
        const { events, links, status, traceState } = plainSpan(span)
        const isPlain = events.length + links.length === 0 && status.message === '' && traceState === ''
        expect(inBytes !== undefined).toBe(isPlain)
        if (!inBytes) continue
        const { source, traceIdAt, spanIdAt, startTimeAt, endTimeAt } = inBytes
        const hex = (at: number, size: number): string => (at < 0 ? '' : source.bytes.toString('hex', at, at + size))
        const time = (at: number): bigint => (at < 0 ? 0n : source.bytes.readBigUInt64LE(at))
        expect([hex(traceIdAt, 16), hex(spanIdAt, 8)]).toEqual([span.traceId, span.spanId])
        expect([time(startTimeAt), time(endTimeAt)]).toEqual([span.startTimeUnixNano, span.endTimeUnixNano])
        expect([inBytes.hasParent, inBytes.statusCode]).toEqual([span.parentSpanId !== '', status.code])
        change(span)
        expect(spanInBytes(span)).toBeUndefined()
      }
    }),
    { numRuns: 300 },
  )
})

test('who logs it sees what it says, and changes nothing', () => {
  const [span] = spansOf(decodeTraces(encodeTraces(sampleTraces(1)))) as [Span]
  const view = attributesOf(span)
  expect(inspect(span, { depth: 5 })).toBe(inspect(plainSpan(span), { depth: 5 }))
  expect(attributesOf(span)).toBe(view)
  expect(spanInBytes(span)).toBeDefined()
})

function spansOf(traces: Traces): Span[] {
  return traces.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}

/** Each as its own getter says; attributes come last, which asks for the list. */
function fieldByField(span: Span): Span {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    traceState: span.traceState,
    parentSpanId: span.parentSpanId,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
    events: span.events,
    links: span.links,
    status: span.status,
    attributes: span.attributes,
  }
}
