import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bodyMemory } from './body-memory.js'

const KIB = 1024
const MIB = 1024 * KIB

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what was given back is taken again, by what needs about as much', () => {
  const memory = bodyMemory()
  const body = memory.take(100 * KIB)
  expect([body.length, memory.kept]).toEqual([100 * KIB, 0])
  memory.giveBack(body)
  expect(memory.kept).toBe(128 * KIB)
  expect(memory.take(200 * KIB).buffer).not.toBe(body.buffer)
  expect(memory.take(10 * KIB).buffer).not.toBe(body.buffer)
  const again = memory.take(128 * KIB)
  expect([again.buffer, again.length, memory.kept]).toEqual([body.buffer, 128 * KIB, 0])
  expect(memory.take(0).length).toBe(0)
})

test('nothing is taken by two', () => {
  const memory = bodyMemory()
  const body = memory.take(MIB)
  memory.giveBack(body)
  memory.giveBack(body)
  expect(memory.kept).toBe(MIB)
  expect(memory.take(MIB).buffer).not.toBe(memory.take(MIB).buffer)
  // Nor what others gave it.
  memory.giveBack(Buffer.from('of a pool'))
  memory.giveBack(Buffer.alloc(MIB))
  expect(memory.kept).toBe(0)
})

test('no more is kept than a bound', () => {
  const memory = bodyMemory()
  for (const body of Array.from({ length: 40 }, () => memory.take(3 * MIB))) memory.giveBack(body)
  expect(memory.kept).toBe(63 * MIB)
})

test('what nobody needs goes back to the system, and what is used stays', () => {
  const memory = bodyMemory()
  for (const body of Array.from({ length: 4 }, () => memory.take(MIB))) memory.giveBack(body)
  for (let seconds = 0; seconds < 30; seconds += 1) {
    const both = [memory.take(MIB), memory.take(MIB)]
    vi.advanceTimersByTime(1000)
    for (const body of both) memory.giveBack(body)
  }
  expect(memory.kept).toBe(2 * MIB)
  vi.advanceTimersByTime(15_000)
  expect(memory.kept).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})
