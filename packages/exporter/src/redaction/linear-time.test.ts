import { expect, it } from 'vitest'
import { createRedactor } from './redactor.js'

/**
 * Half a megabyte of each: work that grows with the square of the length would take minutes and run into
 * the test's time limit; in linear time each takes a fraction of a second.
 */
const UNITS = [
  ['a@', '@', 'a@a.', 'eyJ', 'eyJaaaaaaaaa.', '4111-', '4', '1 ', 'a:', ':', '=', 'token=', '"token":', '"token":{'],
  ['"token":"', '"', "'", '\\', '\\"', '"token":\\\\\\', '://', '://a:b', '-----BEGIN ', '-----BEGIN PRIVATE KEY-----'],
  ['sk-', 'sk-aaaaaaaaa ', '<a', '<token>', '--token ', '--', 'Bearer ', 'bearer:::', '+1', '1.1.1.', 'a:b:c:', '::'],
  ['{', '[', 'Authorization: ', 'AKIA', 'xox', '\\n', 'é', 'token=aaaaaaaa(', '(415) ', 'key-'],
].flat()

const redactor = createRedactor({ detectors: { phone: true, ip: true } })

it.each(UNITS)('%j repeated', (unit) => {
  const text = unit.repeat(Math.ceil(500_000 / unit.length))
  expect(redactor.text(`x ${text} jane@example.com`)).not.toContain('jane@example.com')
})

it('a text without anything to find', () => {
  const text = 'lorem ipsum '.repeat(1_000_000)
  expect(redactor.text(`${text}@`)).toBe(`${text}@`)
})
