import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeTraces } from '../otlp/decode-traces.js'
import { encodeTraces } from '../otlp/encode-traces.js'
import { sampleTraces } from '../testing/sample-traces.js'
import type { Span } from '../traces.js'
import { NO_NUMBER } from './names.js'
import { EMPTY_SHAPE, MOST_SHAPES, namesOfShape, NO_SHAPE, repeatsName, shapeWith } from './shapes.js'
import { attributesOf } from './span-attributes.js'

const shapeOf = (names: readonly number[]): number => names.reduce(shapeWith, EMPTY_SHAPE)

test('a shape stands for its names, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(5), { maxLength: 4 }), { maxLength: 30 }), (lists) => {
      const shapes = lists.map(shapeOf)
      expect(shapes.map(namesOfShape)).toEqual(lists)
      expect(shapes.map(repeatsName)).toEqual(lists.map((names) => new Set(names).size < names.length))
      // The same again, whatever came between.
      expect(lists.map(shapeOf)).toEqual(shapes)
    }),
  )
})

test('a name without a number has no shape, nor what comes after it', () => {
  expect(shapeOf([1, NO_NUMBER])).toBe(NO_SHAPE)
  expect(shapeOf([1, NO_NUMBER, 2])).toBe(NO_SHAPE)
})

test('where there are more shapes than are numbered, attributes read the same', () => {
  const [known] = spans()
  const before = attributesOf(known as Span).shape
  for (let name = 0; shapeOf([4000, name >> 8, name & 255]) !== NO_SHAPE; name += 1)
    expect(name).toBeLessThan(MOST_SHAPES)
  const [again, other] = spans('one more')
  expect(attributesOf(again as Span).shape).toBe(before)
  const view = attributesOf(other as Span)
  expect(view.shape).toBe(NO_SHAPE)
  expect(view.name(view.length - 1)).toBe('one more')
})

/** Decoded, the second one with an attribute of another name. */
function spans(name = 'another'): Span[] {
  const traces = sampleTraces(2)
  const given = traces.resourceSpans[0]?.scopeSpans[0]?.spans as [Span, Span]
  given[1].attributes.push({ key: name, value: { stringValue: 'value' } })
  return decodeTraces(encodeTraces(traces)).resourceSpans[0]?.scopeSpans[0]?.spans as Span[]
}
