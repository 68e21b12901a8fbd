import { expect, it } from 'vitest'
import { backoffMillis } from './backoff.js'

it('doubles its limit up to the longest, with full jitter', () => {
  const options = { initialMillis: 1000, maxMillis: 30_000 }
  const at = (attempt: number, random: number): number => backoffMillis(attempt, { ...options, random: () => random })
  expect([0, 1, 2, 3, 4, 5, 6, 1000].map((attempt) => at(attempt, 1))).toEqual([
    1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
  ])
  expect(at(3, 0)).toBe(0)
  expect(at(3, 0.5)).toBe(4000)
})
