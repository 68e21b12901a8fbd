import * as fc from 'fast-check'
import type { AnyValue, EntityRef, KeyValue, Resource, Span, SpanEvent, SpanLink, Traces } from '../traces.js'

const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: digits, maxLength: digits })
const optional = (digits: number): fc.Arbitrary<string> => fc.oneof(fc.constant(''), hex(digits))
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const uint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn })
const int64 = fc.oneof(fc.bigInt({ min: -100n, max: 100n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))

const { anyValue } = fc.letrec<{ anyValue: AnyValue; keyValue: KeyValue }>((tie) => ({
  keyValue: fc.record({ key: text, value: tie('anyValue') }),
  anyValue: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant({}),
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: int64 }),
    fc.record({ doubleValue: fc.double({ noNaN: true }) }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('anyValue'), { maxLength: 4 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('keyValue'), { maxLength: 4 }) }) }),
  ),
}))

const attributes: fc.Arbitrary<KeyValue[]> = fc.array(fc.record({ key: text, value: anyValue }), { maxLength: 4 })

const event: fc.Arbitrary<SpanEvent> = fc.record({
  timeUnixNano: uint64,
  name: text,
  attributes,
  droppedAttributesCount: uint32,
})

const link: fc.Arbitrary<SpanLink> = fc.record({
  traceId: optional(32),
  spanId: optional(16),
  traceState: text,
  attributes,
  droppedAttributesCount: uint32,
  flags: uint32,
})

const span: fc.Arbitrary<Span> = fc.record({
  traceId: optional(32),
  spanId: optional(16),
  traceState: text,
  parentSpanId: optional(16),
  flags: uint32,
  name: text,
  kind: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -1000, max: 1000 })),
  startTimeUnixNano: uint64,
  endTimeUnixNano: uint64,
  attributes,
  droppedAttributesCount: uint32,
  events: fc.array(event, { maxLength: 3 }),
  droppedEventsCount: uint32,
  links: fc.array(link, { maxLength: 3 }),
  droppedLinksCount: uint32,
  status: fc.record({ message: text, code: fc.integer({ min: 0, max: 2 }) }),
})

const entityRef: fc.Arbitrary<EntityRef> = fc.record({
  schemaUrl: text,
  type: text,
  idKeys: fc.array(text, { maxLength: 3 }),
  descriptionKeys: fc.array(text, { maxLength: 3 }),
})

const resource: fc.Arbitrary<Resource> = fc.record(
  { attributes, droppedAttributesCount: uint32, entityRefs: fc.array(entityRef, { minLength: 1, maxLength: 2 }) },
  { requiredKeys: ['attributes', 'droppedAttributesCount'] },
)

/** Any batch that OTLP can carry. */
export const arbitraryTraces: fc.Arbitrary<Traces> = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource,
      scopeSpans: fc.array(
        fc.record({
          scope: fc.record({ name: text, version: text, attributes, droppedAttributesCount: uint32 }),
          spans: fc.array(span, { maxLength: 4 }),
          schemaUrl: text,
        }),
        { maxLength: 3 },
      ),
      schemaUrl: text,
    }),
    { maxLength: 3 },
  ),
})
