import { crc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeenHashes } from './seen-hashes.js'

const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 })

test('what was added is never said to be new, in whichever filter it is', () => {
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 200 }), fc.nat(100), (added, mostOfFirst) => {
      const seen = new SeenHashes(10, mostOfFirst, 12)
      for (const each of added) seen.add(each)
      expect(added.filter((each) => !seen.perhaps(each))).toEqual([])
    }),
  )
})

test('what was not added is mostly said to be new, with both filters as full as they may be', () => {
  // A thousandth of their sizes, and of the hashes in them.
  const seen = new SeenHashes(15, 1000, 18)
  for (let index = 0; index < 11_000; index += 1) seen.add(crc32(`there ${index}`))
  let wrong = 0
  for (let index = 0; index < 100_000; index += 1) if (seen.perhaps(crc32(`not there ${index}`))) wrong += 1
  expect(wrong).toBeLessThan(150)
  expect(wrong).toBeGreaterThan(0)
})
