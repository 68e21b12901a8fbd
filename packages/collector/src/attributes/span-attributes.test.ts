import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cloneTraces } from '../clone-traces.js'
import { arbitraryTraces } from '../conformance/arbitrary-traces.js'
import { decodeTraces } from '../otlp/decode-traces.js'
import { encodeTraces } from '../otlp/encode-traces.js'
import type { AnyValue, KeyValue, Span, Traces } from '../traces.js'
import { setAttribute } from '../traces.js'
import { nameOfNumber } from './names.js'
import { namesOfShape, NO_SHAPE, repeatsName } from './shapes.js'
import { sharedAttribute } from './shared-attributes.js'
import { addSharedAttributes, attributesOf, noteOf, setNote, setSpanAttribute } from './span-attributes.js'
import { WantedNames } from './wanted-names.js'

const settings = fc.array(
  fc.record({
    // Mostly a name that is there.
    at: fc.nat(20),
    name: fc.constantFrom('session.id', 'mcpcat.session.source', 'é', '\uFFFD'),
    value: fc.constantFrom<AnyValue>({ stringValue: 'set' }, { doubleValue: 0.5 }, {}),
  }),
  { maxLength: 6 },
)

describe('the attributes of a span, in the bytes of a request or in a list', () => {
  it('are the same, whatever is set', () => {
    fc.assert(
      fc.property(arbitraryTraces, settings, (given, changes) => {
        const traces = cloneTraces(given)
        const bytes = encodeTraces(traces)
        const decoded = decodeTraces(bytes)
        const copies = spansOf(cloneTraces(decoded))
        for (const [index, span] of spansOf(decoded).entries()) {
          const listed = spansOf(traces)[index]!
          expect(seen(span)).toEqual(listed.attributes)
          for (const { at, name, value } of changes) {
            const key = listed.attributes[at]?.key ?? name
            setSpanAttribute(span, key, value)
            setAttribute(listed.attributes, key, value)
          }
          expect(seen(span)).toEqual(listed.attributes)
          const copy = cloneTraces(tracesWith(span))
          expect(seen(spansOf(copy)[0]!)).toEqual(listed.attributes)
          expect(span.attributes).toEqual(listed.attributes)
          expect(seen(span)).toEqual(listed.attributes)
        }
        // A copy that was made before knows nothing of it.
        const untouched = spansOf(decodeTraces(bytes))
        expect(copies.map(({ attributes }) => attributes)).toEqual(untouched.map(({ attributes }) => attributes))
      }),
      { numRuns: 300 },
    )
  })

  it('may be shared with other spans, which know nothing of what is set of one', () => {
    const shared = [sharedAttribute('session.id', { stringValue: 'a' }), sharedAttribute('é', { doubleValue: 0.5 })]
    fc.assert(
      fc.property(arbitraryTraces, settings, settings, (given, before, after) => {
        const traces = cloneTraces(given)
        const spans = spansOf(decodeTraces(encodeTraces(traces)))
        for (const [index, span] of spans.entries()) {
          const listed = spansOf(traces)[index]!.attributes
          const set = ({ at, name, value }: (typeof before)[number]): void => {
            const key = listed[at]?.key ?? name
            setSpanAttribute(span, key, value)
            setAttribute(listed, key, value)
          }
          before.forEach(set)
          setNote(span, shared)
          const isNew = shared.every(({ key }) => listed.every((attribute) => attribute.key !== key))
          expect(addSharedAttributes(span, shared)).toBe(isNew)
          expect(noteOf(span)).toBe(isNew ? undefined : shared)
          if (isNew) for (const { key, value } of shared) listed.push({ key, value })
          expect(seen(span)).toEqual(listed)
          const copy = spansOf(cloneTraces(tracesWith(span)))[0]!
          const unchanged = structuredClone(listed)
          after.forEach(set)
          expect(seen(span)).toEqual(listed)
          expect(seen(copy)).toEqual(unchanged)
          expect(span.attributes).toEqual(listed)
          expect(addSharedAttributes(span, [sharedAttribute('new', {})])).toBe(false)
        }
        expect(shared.map(({ key, value }) => [key, value])).toEqual([
          ['session.id', { stringValue: 'a' }],
          ['é', { doubleValue: 0.5 }],
        ])
      }),
      { numRuns: 300 },
    )
  })

  it('are found by their names, also where there are more names than are numbered', () => {
    const before = new WantedNames(['wanted', 'of.another.place'])
    const many = Array.from({ length: 6000 }, (_, index): KeyValue => ({ key: `crowd.${index}`, value: {} }))
    const attributes = [...many, text('wanted', 'a'), text('wanted.late', 'b'), text('x'.repeat(100), 'c')]
    const [span] = spansOf(decodeTraces(encodeTraces(tracesOf(attributes))))
    const after = new WantedNames(['wanted.late', 'x'.repeat(100)])
    const found = (wanted: WantedNames): (string | undefined)[] => {
      const view = attributesOf(span!)
      return Array.from({ length: view.length }, (_, index) => index)
        .filter((index) => wanted.placeIn(view, index) >= 0)
        .map((index) => view.string(index))
    }
    expect(found(before)).toEqual(['a'])
    expect(found(after)).toEqual(['b', 'c'])
    expect(seen(span!)).toEqual(attributes)
  })

  it('keep a note for as long as nothing of them changes', () => {
    const bytes = encodeTraces(tracesOf([text('a', 'b')]))
    const note = { found: 'out' }
    const noted = (): Span => {
      const span = spansOf(decodeTraces(bytes))[0]!
      setNote(span, note)
      return span
    }
    const copied = noted()
    expect(noteOf(copied)).toBe(note)
    expect(noteOf(spansOf(cloneTraces(tracesWith(copied)))[0]!)).toBe(note)
    const set = noted()
    setSpanAttribute(set, 'a', { stringValue: 'c' })
    expect(noteOf(set)).toBeUndefined()
    const listed = noted()
    expect(listed.attributes).toHaveLength(1)
    expect(noteOf(listed)).toBeUndefined()
    setNote(listed, note)
    expect(noteOf(listed)).toBeUndefined()
  })

  it('are replaced also where the name has got its number since', () => {
    const [span] = spansOf(decodeTraces(encodeTraces(tracesOf([text('\uFFFD late', 'before')]))))
    setSpanAttribute(span!, '\uFFFD late', { stringValue: 'after' })
    expect(seen(span!)).toEqual([text('\uFFFD late', 'after')])
  })

  it('whose names are no UTF-8 do not pass for others', () => {
    const traces = tracesOf([text('mcp.method.name', 'tools/call'), text('mcp.method.nam_', 'no')])
    const bytes = encodeTraces(traces)
    bytes[bytes.indexOf('nam_') + 3] = 0xff
    const [span] = spansOf(decodeTraces(bytes))
    expect(seen(span!).map(({ key }) => key)).toEqual(['mcp.method.name', 'mcp.method.nam\uFFFD'])
  })
})

const emptyScope = {
  scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 },
  spans: [],
  schemaUrl: '',
}

function tracesOf(attributes: KeyValue[]): Traces {
  const span: Span = {
    traceId: '00000000000000000000000000000001',
    spanId: '0000000000000001',
    traceState: '',
    parentSpanId: '',
    flags: 0,
    name: 'a',
    kind: 2,
    startTimeUnixNano: 1n,
    endTimeUnixNano: 2n,
    attributes,
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { message: '', code: 0 },
  }
  return tracesWith(span)
}

function tracesWith(span: Span): Traces {
  const resource = { attributes: [], droppedAttributesCount: 0 }
  return { resourceSpans: [{ resource, scopeSpans: [{ ...emptyScope, spans: [span] }], schemaUrl: '' }] }
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } }
}

function spansOf({ resourceSpans }: Traces): Span[] {
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}

/** What a view of them gives, by each of its ways. */
function seen(span: Span): KeyValue[] {
  const view = attributesOf(span)
  if (view.shape !== NO_SHAPE) {
    const names = Array.from({ length: view.length }, (_, index) => view.name(index))
    expect(namesOfShape(view.shape).map(nameOfNumber)).toEqual(names)
    expect(repeatsName(view.shape)).toBe(new Set(names).size < names.length)
  }
  return Array.from({ length: view.length }, (_, index) => {
    const value = view.value(index)
    expect(view.string(index)).toBe(value.stringValue)
    const start = view.start(index)
    if (start >= 0) expect(view.source?.bytes.toString('utf8', start, view.end(index))).toBe(value.stringValue)
    return { key: view.name(index), value }
  })
}
