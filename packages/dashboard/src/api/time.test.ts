import { expect, test } from 'vitest'
import { parseTime } from './time.js'

const NOW = Date.parse('2026-11-22T12:00:00Z')

test.each([
  ['now', '2026-11-22T12:00:00.000Z'],
  ['-90s', '2026-11-22T11:58:30.000Z'],
  ['-24h', '2026-11-21T12:00:00.000Z'],
  ['-7d', '2026-11-15T12:00:00.000Z'],
  ['-2w', '2026-11-08T12:00:00.000Z'],
  ['2026-11-20T10:00', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20T10:00:00+02:00', '2026-11-20T08:00:00.000Z'],
])('%s', (given, expected) => {
  expect(parseTime(given, NOW)).toBe(expected)
})

test.each(['', 'yesterday', '-24', '24h', '-1y', '2026-13-01', '12', '2026-11-20T25:00:00Z', '-999999d'])(
  '%s is no time',
  (given) => {
    expect(parseTime(given, NOW)).toBeNull()
  },
)
