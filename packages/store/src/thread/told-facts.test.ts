import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Facts } from '../event-facts.js'
import { BatchFacts } from '../event-facts.js'
import { SpokenOf } from '../spoken-of.js'
import { asRead, readEvent } from '../testing/read-events.js'
import type { ToldFacts } from './told-facts.js'
import { buffersOf, FactsHearer, FactsTeller } from './told-facts.js'

function said(facts: Facts): unknown {
  return facts.strands().map((strand) => {
    const { id, key, strand: evidence } = strand.known
    return [{ id, key, evidence }, facts.eventsOf(strand).map(asRead)]
  })
}

test('what is heard is what was told, in many batches, whatever is forgotten between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(readEvent, { maxLength: 40 }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 5 }),
      (batches, mostSpeakers) => {
        const spoken = new SpokenOf()
        const facts = [new BatchFacts(spoken), new BatchFacts(spoken)] as const
        const teller = new FactsTeller(mostSpeakers)
        const hearer = new FactsHearer()
        for (const [index, batch] of batches.entries()) {
          const told = facts[index % 2] as BatchFacts
          told.clear()
          for (const event of batch) told.push(event)
          const expected = said(told)
          const message = teller.tell(told)
          // What waits is used for other events before it is heard.
          told.clear()
          const heard = hearer.hear(sent(message))
          expect(heard.count).toBe(batch.length)
          expect(said(heard)).toEqual(expected)
        }
      },
    ),
  )
})

test('of whom events are, is told once, and again when it was forgotten', () => {
  const [event] = fc.sample(readEvent, 1) as [Parameters<BatchFacts['push']>[0]]
  const facts = new BatchFacts()
  const teller = new FactsTeller(0)
  facts.push(event)
  const told = Array.from({ length: 4 }, () => teller.tell(facts).newSpeakers)
  expect(told.map(({ numbers }) => numbers.length)).toEqual([1, 1, 1, 1])
  expect(told.map(({ forgotten }) => forgotten.length)).toEqual([0, 1, 1, 1])
  const other = new FactsTeller(10)
  facts.clear()
  facts.push({ ...event, user_name: 'somebody else' })
  expect(Array.from({ length: 3 }, () => other.tell(facts).newSpeakers.numbers.length)).toEqual([1, 0, 0])
})

function sent(message: ToldFacts): ToldFacts {
  return structuredClone(message, { transfer: buffersOf(message) })
}
