import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BY_UNITS, Distinct } from './distinct.js'
import { INTENTS } from './intent-text.js'

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'Find it', 'find it', 'Ähnlich', '\uFFFD', '😀', '日本語'),
)

test('intents count once, lower-cased as the engine does, in order of their bytes', () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 60 }), fc.nat(60), (all, asked) => {
      const distinct = new Distinct(INTENTS)
      for (const [index, text] of all.entries()) {
        distinct.add(text)
        if (index === asked) distinct.values()
      }
      const lowered = all.map((text) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))
      expect(distinct.values()).toEqual(
        [...new Set(lowered)].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      )
    }),
  )
})

test('many texts count once, also where they are put in order now and then', () => {
  const distinct = new Distinct(BY_UNITS)
  const all = Array.from({ length: 9000 }, (_, index) => String((index * 7919) % 4001))
  for (const text of all) distinct.add(text)
  const copy = distinct.copy()
  copy.add('more')
  expect(distinct.values()).toEqual([...new Set(all)].toSorted())
  expect(copy.values()).toEqual([...new Set(all), 'more'].toSorted())
})
