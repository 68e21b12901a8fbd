import { expect, it } from 'vitest'
import { retryAfterMillis } from './retry-after.js'

const now = Date.parse('2026-11-22T20:00:00Z')

it.each<[string | undefined, number | undefined]>([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 22 Nov 2026 20:01:00 GMT', 60_000],
  ['Sunday, 22-Nov-26 20:01:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 19:00:00 GMT', 0],
  ['soon', undefined],
  ['5.5', undefined],
  ['-3', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s', (header, millis) => expect(retryAfterMillis(header, now)).toBe(millis))
