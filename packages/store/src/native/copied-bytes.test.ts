import { ByteSource } from '@mcpcat/collector'
import { isAscii } from 'node:buffer'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendBytes, copyBytes, hasBytes, viewOf, WORD } from './copied-bytes.js'

const bytes = fc.uint8Array({ maxLength: 40 })
const ascii = fc.uint8Array({ max: 0x7f, maxLength: 40 })

test('bytes are copied, and looked at, whatever is beside them', () => {
  fc.assert(
    fc.property(bytes, fc.oneof(bytes, ascii), bytes, (before, wanted, after) => {
      const from = new ByteSource(Buffer.concat([before, wanted, after]))
      const end = before.length + wanted.length
      for (const copy of [copyBytes, appendBytes]) {
        const into = Buffer.alloc(before.length + wanted.length + WORD)
        expect(copy(from, before.length, end, into, viewOf(into), before.length)).toBe(isAscii(wanted))
        expect(into.subarray(0, before.length)).toEqual(Buffer.alloc(before.length))
        expect(into.subarray(before.length, end)).toEqual(Buffer.from(wanted))
      }
    }),
    { numRuns: 1000 },
  )
})

test('the same bytes are recognized, unless they are near an end, and no others', () => {
  const few = fc.uint8Array({ max: 1, maxLength: 9 })
  fc.assert(
    fc.property(bytes, few, few, bytes, (before, a, b, after) => {
      const from = new ByteSource(Buffer.concat([before, a, after]))
      const expected = new ByteSource(Buffer.concat([b, Buffer.alloc(WORD)]))
      const has = a.length === b.length && hasBytes(from, before.length, expected, 0, b.length)
      expect(has).toBe(Buffer.from(a).equals(b) && after.length >= WORD)
    }),
    { numRuns: 1000 },
  )
})
