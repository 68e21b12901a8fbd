import { describe, expect, test } from 'vitest'
import { formatAgo, formatBytes, formatDuration, formatOffset } from './format.js'

describe('formatDuration', () => {
  test.each([
    [0, '0 µs'],
    [0.64, '640 µs'],
    [0.9999, '1.0 ms'],
    [9.994, '10.0 ms'],
    [84.4, '84 ms'],
    [999.6, '1.00 s'],
    [1240, '1.24 s'],
    [30_012, '30.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1m 00s'],
    [185_000, '3m 05s'],
    [3_599_600, '1h 00m'],
    [8_040_000, '2h 14m'],
    [100_800_000, '1d 4h'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

test('formatOffset counts from the start of the session', () => {
  expect(formatOffset(-3)).toBe('0:00.0')
  expect(formatOffset(4_249)).toBe('0:04.2')
  expect(formatOffset(750_000)).toBe('12:30.0')
  expect(formatOffset(3_729_000)).toBe('1:02:09')
})

test('formatAgo says how long before now', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  expect(formatAgo('2026-11-22T12:00:03Z', now)).toBe('just now')
  expect(formatAgo('2026-11-22T11:59:18Z', now)).toBe('42 s ago')
  expect(formatAgo('2026-11-22T11:57:00Z', now)).toBe('3 min ago')
  expect(formatAgo('2026-11-22T07:00:00Z', now)).toBe('5 h ago')
  expect(formatAgo('2026-11-20T07:00:00Z', now)).toBe('2 d ago')
})

test('formatBytes', () => {
  expect([0, 512, 1400, 2_100_000].map(formatBytes)).toEqual(['0 B', '512 B', '1.4 kB', '2.1 MB'])
})
