import { defaultRules } from '@mcpcat/sessions'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyQueue } from './key-queue.js'
import type { RecentKey } from './recent-key.js'
import { openedKey, pausesBy } from './recent-key.js'
import { seenKeys } from './seen-keys.js'

const HOUR = 3_600_000_000_000n
const seen = seenKeys(defaultRules)

function key(name: number): RecentKey {
  const around = { start: HOUR, end: HOUR }
  const pauses = pausesBy(defaultRules)({ hash: '', rung: 'raw', actor: '' })
  const opened = openedKey('p', { hash: `${name}`, rung: 'raw', actor: '' }, around, pauses, seen, 0)
  return opened as RecentKey
}

test('keys come in the order of when they were touched last, however often that was', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(49), fc.nat(9)), { maxLength: 6000, minLength: 4000 }), (steps) => {
      const keys = Array.from({ length: 50 }, (_, name) => key(name))
      // In order, by what a list that is searched says.
      const expected: RecentKey[] = []
      const queue = keyQueue()
      const without = (each: RecentKey): void => {
        if (expected.includes(each)) expected.splice(expected.indexOf(each), 1)
      }
      for (const [name, what] of steps) {
        const each = keys[name] as RecentKey
        if (what === 0) {
          const { first } = queue
          expect(first).toBe(expected.shift())
          if (first) queue.remove(first)
        } else if (what === 1) {
          without(each)
          queue.remove(each)
        } else {
          without(each)
          expected.push(each)
          queue.touched(each)
        }
      }
      for (let each = queue.first; each; each = queue.first) {
        expect(each).toBe(expected.shift())
        queue.remove(each)
      }
      expect(expected).toEqual([])
    }),
    { numRuns: 20 },
  )
})
