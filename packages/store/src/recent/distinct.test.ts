import { expect, test } from 'vitest'
import { copyOf, textsOf, withText, withTexts } from './distinct.js'

test('texts count once, in order', () => {
  const one = withText(withText(undefined, 'b'), 'b')
  expect(textsOf(one)).toEqual(['b'])
  const several = withText(withText(copyOf(one), 'c'), 'a')
  expect(textsOf(several)).toEqual(['a', 'b', 'c'])
  expect(textsOf(withTexts(withText(undefined, 'd'), several))).toEqual(['a', 'b', 'c', 'd'])
  expect(textsOf(undefined)).toEqual([])
})

test('many texts count once, also where they are put in order now and then', () => {
  const all = Array.from({ length: 9000 }, (_, index) => String((index * 7919) % 4001))
  const texts = all.reduce(withText, undefined)
  const copy = withText(copyOf(texts), 'more')
  expect(textsOf(texts)).toEqual([...new Set(all)].toSorted())
  expect(textsOf(copy)).toEqual([...new Set(all), 'more'].toSorted())
})
