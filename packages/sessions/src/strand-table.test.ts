import { expect, test } from 'vitest'
import type { EventInterval, OpenFragment } from './fragments.js'
import { fragmentOf, prolong } from './fragments.js'
import { StrandTable } from './strand-table.js'

interface Item {
  readonly number: number
  row: number
}

test('items are in the order of their last use, however many come and go', () => {
  const table = new StrandTable<Item>()
  const plain = new Map<Item, number>()
  let state = 2026
  const upTo = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  for (let step = 0; step < 30_000; step++) {
    // Grows at first, then shrinks.
    const removes = upTo(10) < (step < 20_000 ? 2 : 6)
    const used = [...(step % 3 === 0 ? plain.keys() : [])][upTo(plain.size)]
    if (removes) {
      const { first } = table
      expect(first).toBe(plain.keys().next().value)
      if (first) {
        table.remove(first.row)
        plain.delete(first)
      }
    } else if (used) {
      table.use(used.row, step)
      plain.delete(used)
      plain.set(used, step)
    } else {
      const item = { number: step, row: 0 }
      item.row = table.add(item, step)
      plain.set(item, step)
    }
    if (step % 1000 === 0) expect([...table]).toEqual([...plain.keys()])
  }
  for (const [item, usedAt] of plain) expect(table.usedAt(item.row)).toBe(usedAt)
})

test('an open fragment is prolonged as any other is, or not at all', () => {
  const table = new StrandTable<Item>()
  const gaps = [0n, 5n, 2n ** 62n, 2n ** 63n]
  const times = [-5n, 0n, 10n, 2n ** 62n - 5n, 2n ** 62n, 2n ** 64n]
  const nears = [-6n, -1n, 0n, 1n, 5n, 6n, 20n]
  let added = 0
  for (const gap of gaps) {
    for (const time of times) {
      for (const near of nears) {
        for (const lasts of [0n, 3n, 40n]) {
          const row = table.add({ number: 0, row: 0 }, 0)
          const first: EventInterval = { eventId: 'b', start: time, end: time + 1n }
          const event: EventInterval = { eventId: 'c', start: time + near, end: time + near + lasts }
          const expected: OpenFragment = fragmentOf('', first)
          const found: OpenFragment = fragmentOf('', first)
          table.open(row, found, gap)
          if (table.prolong(row, event.start, event.end)) {
            expect(prolong(expected, event, gap)).toBe(true)
            added += 1
          }
          table.update(row, found)
          expect(found).toEqual(expected)
          if (table.isOpen(row)) expect(table.isOpenAt(row, event.start)).toBe(event.start >= time)
          table.close(row)
          expect(table.prolong(row, time + 1n, time + 1n)).toBe(false)
        }
      }
    }
  }
  expect(added).toBeGreaterThan(50)
})
