import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { chainFragments } from './chains.js'
import type { Fragment } from './fragments.js'
import { compareStarts } from './fragments.js'

/** Few times, so that many begin or end at once; an event of no length may begin as it ends. */
const fragments = fc.array(
  fc.record({ start: fc.bigInt(0n, 30n), lasts: fc.bigInt(0n, 8n), firstEventId: fc.constantFrom('a', 'b', 'c') }),
  { maxLength: 25 },
)

test('fragments are chained as by looking at each chain for each of them', () => {
  fc.assert(
    fc.property(fragments, fc.bigInt(0n, 6n), (given, limit) => {
      const all = given.map(({ start, lasts, firstEventId }, index): Fragment => {
        return { scope: `${index}`, start, end: start + lasts, firstEventId, eventCount: 1 }
      })
      expect(chainFragments(all, limit)).toEqual(chainedOneByOne(all, limit))
    }),
    { numRuns: 5000 },
  )
})

test('many conversations at once are chained in time', () => {
  const count = 50_000
  const all = Array.from({ length: count }, (_, index): Fragment => {
    const start = BigInt(index)
    return { scope: `${index}`, start, end: start + BigInt(count), firstEventId: '', eventCount: 1 }
  })
  expect(chainFragments(all, 10n)).toHaveLength(count)
})

/** By the definition. */
function chainedOneByOne(all: readonly Fragment[], limit: bigint): Fragment[][] {
  const chains: Fragment[][] = []
  for (const fragment of all.toSorted(compareStarts)) {
    const [continued] = chains
      .filter((chain) => limit > 0n && endOf(chain) < fragment.start && fragment.start - endOf(chain) <= limit)
      .toSorted((a, b) => Number(endOf(b) - endOf(a)))
    if (continued) continued.push(fragment)
    else chains.push([fragment])
  }
  return chains
}

function endOf(chain: readonly Fragment[]): bigint {
  return chain.at(-1)?.end ?? 0n
}
