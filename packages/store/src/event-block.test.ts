import type { AnyValue, KeyValue, Span, Traces } from '@mcpcat/collector'
import { decodeTraces, encodeTraces } from '@mcpcat/collector'
import { defaultRules } from '@mcpcat/sessions'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventBlock } from './event-block.js'
import { COLUMNED, CONTENTS, READ } from './event-places.js'
import { BatchFacts } from './event-facts.js'
import { EventReader } from './event-reader.js'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('', 'é', 'a'.repeat(300), '日本語'),
)
const value: fc.Arbitrary<AnyValue> = fc.oneof(
  { weight: 5, arbitrary: text.map((stringValue) => ({ stringValue: stringValue.toWellFormed() })) },
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((intValue) => ({ intValue })),
  fc.array(fc.constantFrom<AnyValue>({ stringValue: 'x' }, {}), { maxLength: 3 }).map((values) => ({
    arrayValue: { values },
  })),
  fc.constant({}),
)
const name = fc.oneof(
  fc.constantFrom(...CONTENTS, ...COLUMNED, ...READ),
  fc.constantFrom('mcpcat.tag.a', 'mcpcat.tag.b', 'mcpcat.user.plan', 'other', 'ö', 'n'.repeat(100)),
)
const attributes = fc.array(
  fc.record({ key: name, value }).map(({ key, value: given }): KeyValue => ({ key, value: given })),
  { maxLength: 30 },
)

describe('rows of events', () => {
  test('are the same from the bytes of a request as from lists of attributes', () => {
    fc.assert(
      fc.property(fc.array(attributes, { minLength: 1, maxLength: 5 }), (spans) => {
        const traces = tracesOf(spans)
        expect(rowsOf(decodeTraces(encodeTraces(traces)))).toEqual(rowsOf(traces))
      }),
      { numRuns: 500 },
    )
  })

  test('have no bytes that are not UTF-8', () => {
    const traces = tracesOf([[{ key: 'mcpcat.intent', value: { stringValue: 'look ~~' } }]])
    const bytes = encodeTraces(traces)
    bytes.fill(0xff, bytes.indexOf('~~'), bytes.indexOf('~~') + 2)
    const expected = tracesOf([[{ key: 'mcpcat.intent', value: { stringValue: 'look \uFFFD\uFFFD' } }]])
    expect(rowsOf(decodeTraces(bytes))).toEqual(rowsOf(expected))
  })
})

/** The rows' block, and the facts of each. */
function rowsOf({ resourceSpans }: Traces): unknown {
  const reader = new EventReader(defaultRules)
  const rows = eventBlock()
  const facts = new BatchFacts()
  for (const { resource, scopeSpans } of resourceSpans) {
    for (const { spans } of scopeSpans) {
      for (const span of spans) {
        if (!reader.read(span, resource)) continue
        rows.push(reader)
        facts.push(reader)
      }
    }
  }
  return {
    facts: Array.from(facts.strands(), (strand) => facts.eventsOf(strand)),
    block: Buffer.concat(rows.block(0).chunks).toString('hex'),
  }
}

function tracesOf(spans: readonly (readonly KeyValue[])[]): Traces {
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [{ key: 'service.name', value: { stringValue: 'files' } }],
          droppedAttributesCount: 0,
        },
        scopeSpans: [
          {
            scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 },
            spans: spans.map((given, index): Span => spanOf(index, given)),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }
}

function spanOf(index: number, given: readonly KeyValue[]): Span {
  return {
    traceId: (index + 1).toString(16).padStart(32, '0'),
    spanId: (index + 1).toString(16).padStart(16, '0'),
    traceState: '',
    parentSpanId: '',
    flags: 1,
    name: 'tools/call',
    kind: 2,
    startTimeUnixNano: 1_790_000_000_000_000_000n,
    endTimeUnixNano: 1_790_000_001_000_000_000n,
    attributes: [{ key: 'mcp.method.name', value: { stringValue: 'tools/call' } }, ...given],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { message: '', code: 0 },
  }
}
