import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReadEvent } from './event-facts.js'
import { BatchFacts } from './event-facts.js'
import { SpokenOf } from './spoken-of.js'
import { asRead, expected, readEvent, strands } from './testing/read-events.js'

describe('facts that wait', () => {
  test('are what was read, by strand and in order, in one batch after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.array(readEvent, { maxLength: 40 }), { maxLength: 4 }), (batches) => {
        const spoken = new SpokenOf()
        const facts = [new BatchFacts(spoken), new BatchFacts(spoken)] as const
        for (const [index, batch] of batches.entries()) {
          const into = facts[index % 2] as BatchFacts
          into.clear()
          for (const read of batch) into.push(read)
          expect(into.count).toBe(batch.length)
          const said = new Map(into.strands().map((of) => [of.known, into.eventsOf(of).map(asRead)]))
          expect(said).toEqual(
            new Map(
              strands
                .filter((known) => batch.some((read) => read.known === known))
                .map((known) => [known, batch.filter((read) => read.known === known).map(expected)]),
            ),
          )
        }
      }),
    )
  })

  test('say between which seconds an event lies', () => {
    fc.assert(
      fc.property(readEvent, (read) => {
        const facts = new BatchFacts()
        facts.push(read)
        const { fromSecond, toSecond } = facts.eventsOf(facts.strands()[0]!)[0]!
        expect(BigInt(fromSecond) * 1_000_000_000n).toBeLessThanOrEqual(read.start)
        expect(BigInt(toSecond) * 1_000_000_000n).toBeGreaterThan(read.end)
        expect(read.start - BigInt(fromSecond) * 1_000_000_000n).toBeLessThan(1_001_000_000n)
        expect(BigInt(toSecond) * 1_000_000_000n - read.end).toBeLessThan(1_001_000_000n)
      }),
      { numRuns: 1000 },
    )
  })

  test('hold as many events as come', () => {
    const facts = new BatchFacts()
    const [read] = fc.sample(readEvent, 1) as [ReadEvent]
    const count = 70_000
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < count; index += 1) facts.push({ ...read, eventId: `event ${index}` })
      const [strand] = facts.strands()
      expect(facts.eventsOf(strand!).map(({ eventId }) => eventId)).toEqual(
        Array.from({ length: count }, (_, index) => `event ${index}`),
      )
      facts.clear()
    }
  })
})
