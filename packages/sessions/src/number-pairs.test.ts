import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberPairs } from './number-pairs.js'

const key = fc.oneof(fc.nat(3), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(2 ** 30))

test('pairs are what a list of them would be, whatever is added and removed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat(5), fc.boolean()), { maxLength: 1000 }), (steps) => {
      const pairs = new NumberPairs()
      let plain: [number, number][] = []
      for (const [of, value, isRemoved] of steps) {
        if (isRemoved) {
          pairs.remove(of, value)
          const at = plain.findIndex(([known, its]) => known === of && its === value)
          plain = plain.filter((_, index) => index !== at)
        } else {
          pairs.add(of, value)
          plain.push([of, value])
        }
        expect(pairs.of(of).toSorted(ascending)).toEqual(valuesOf(plain, of))
        expect(pairs.size).toBe(plain.length)
      }
      for (const [of] of steps) expect(pairs.of(of).toSorted(ascending)).toEqual(valuesOf(plain, of))
    }),
    { numRuns: 200 },
  )
})

test('many come and go, and those that stay are found', () => {
  const pairs = new NumberPairs()
  for (let index = 0; index < 100_000; index += 1) {
    pairs.add(index * 7, index)
    if (index >= 5000) pairs.remove((index - 5000) * 7, index - 5000)
  }
  expect(pairs.size).toBe(5000)
  const lost = Array.from({ length: 100_000 }, (_, index) => index).filter((index) => {
    const found = pairs.of(index * 7)
    return index < 95_000 ? found.length > 0 : found.length !== 1 || found[0] !== index
  })
  expect(lost).toEqual([])
})

function valuesOf(plain: readonly [number, number][], of: number): number[] {
  return plain.flatMap(([known, value]) => (known === of ? [value] : [])).toSorted(ascending)
}

function ascending(a: number, b: number): number {
  return a - b
}
