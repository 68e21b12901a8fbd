import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HELD_ALREADY, HeldEvents, NONE_HELD } from './held-events.js'

/** Few of each, so that some are the same. */
const event = fc.record({ strand: fc.integer({ min: 0, max: 5 }), about: fc.nat(30), mark: fc.nat(3) })
/** A strand that is dropped, or an event. */
const step = fc.oneof({ weight: 30, arbitrary: event }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 5 }) })

test('an event is held once, in strands that grow and are dropped beside each other', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
      const events = new HeldEvents()
      const held = Array.from({ length: 6 }, () => NONE_HELD)
      const plain = Array.from({ length: 6 }, () => new Set<string>())
      for (const each of steps) {
        if (typeof each === 'number') {
          events.drop(held[each]!)
          held[each] = NONE_HELD
          plain[each]!.clear()
          continue
        }
        const { strand, about, mark } = each
        const name = `${about} ${mark}`
        const after = events.add(held[strand]!, each)
        expect(after === HELD_ALREADY).toBe(plain[strand]!.has(name))
        if (after !== HELD_ALREADY) held[strand] = after
        plain[strand]!.add(name)
        expect(held.map((list) => events.size(list))).toEqual(plain.map(({ size }) => size))
      }
    }),
  )
})
