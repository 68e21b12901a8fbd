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
      const oldest = first === undefined ? undefined : table.at(first)
      expect(oldest).toBe(plain.keys().next().value)
      if (oldest) {
        table.remove(oldest.row)
        plain.delete(oldest)
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
    if (step % 1000 === 0) expect(itemsOf(table)).toEqual([...plain.keys()])
  }
  for (const [item, usedAt] of plain) expect(table.usedAt(item.row)).toBe(usedAt)
})

test('of what is not idle, what was used longest ago becomes idle, once, until it is used again', () => {
  const table = new StrandTable<Item>()
  const used: Item[] = []
  const idle = new Set<Item>()
  let state = 7
  const upTo = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  let became = 0
  for (let step = 0; step < 20_000; step++) {
    const [item] = used.length > 0 ? used.splice(upTo(used.length), 1) : []
    const what = upTo(10)
    if (item) idle.delete(item)
    if (item && what < 2) table.remove(item.row)
    else if (item) {
      table.use(item.row, step)
      used.push(item)
    }
    if (what > 6) {
      const added = { number: step, row: 0 }
      added.row = table.add(added, step)
      used.push(added)
    }
    const most = upTo(40)
    const lively = used.filter((each) => !idle.has(each))
    const before = step - upTo(30)
    const isLong = lively[0] !== undefined && table.usedAt(lively[0].row) < before
    const row = table.nextIdle(most, before)
    expect(row).toBe(isLong && lively.length > most ? lively[0]?.row : undefined)
    if (row !== undefined) {
      became += 1
      idle.add(table.at(row))
    }
    for (const each of used.slice(-3)) expect(table.isIdle(each.row)).toBe(idle.has(each))
  }
  expect(became).toBeGreaterThan(1000)
  expect(itemsOf(table)).toEqual(used)
})

function itemsOf(table: StrandTable<Item>): Item[] {
  return Array.from(table.rows(), (row) => table.at(row))
}

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
