import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { PackedTexts } from '../packed-texts.js'
import { SearchText } from '../search-text.js'
import { IntentBytes } from './intent-bytes.js'
import { Intents } from './intents.js'

const intent = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('Find it', 'find it', 'Find', 'two\nlines', 'Ähnlich', '\uFFFD', '😀', '日本語'),
)

test('intents count once, lower-cased as the engine does, in order of their bytes, wherever they are moved', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), intent, fc.boolean()), { maxLength: 80 }), (said) => {
      const bytes = new IntentBytes(16)
      const held = Array.from({ length: 4 }, () => new Intents(bytes))
      const plain = held.map((): string[] => [])
      for (const [run, text, isForgotten] of said) {
        if (isForgotten) {
          held[run] = new Intents(bytes)
          plain[run] = []
        }
        add(held[run]!, text, bytes, held)
        plain[run]!.push(text)
        expect(held.map((each) => each.text)).toEqual(plain.map(lines))
        expect(found(held)).toBe(
          plain
            .filter((texts) => texts.length > 0)
            .map((texts) => lines(texts).toLowerCase())
            .join('\n'),
        )
      }
      const joined = held[0]!.copy()
      joined.addAll(held[1]!)
      expect(joined.text).toBe(lines([...plain[0]!, ...plain[1]!]))
      expect(held[0]!.text).toBe(lines(plain[0]!))
    }),
  )
})

test('of many and of long ones, the first are told', () => {
  const bytes = new IntentBytes(16)
  const held = new Intents(bytes)
  const all = Array.from({ length: 9000 }, (_, index) => `Intent ${(index * 7919) % 4001}`)
  for (const text of all) add(held, text, bytes, [held])
  expect(held.copy().text).toBe(lines(all))
  const long = new Intents(bytes)
  const huge = ['a'.repeat(19_998), `b${'ö'.repeat(30_000)}`]
  for (const text of huge) add(long, text, bytes, [held, long])
  expect(long.text).toBe(lines(huge))
  expect(found([held, long])).toBe(`${lines(all)}\n${lines(huge)}`)
  expect(held.text).toBe(lines(all))
})

function found(all: readonly Intents[]): string {
  const search = new SearchText()
  for (const intents of all) intents.addTo(search)
  return search.bytes.toString('utf8', 0, search.length)
}

function add(to: Intents, text: string, bytes: IntentBytes, held: Iterable<Intents>): void {
  const from = new PackedTexts()
  from.push(text)
  bytes.reserve(1, from.length, () => held)
  to.add(from, 0, from.length)
}

/** As `fragments.sql` puts them together. */
function lines(texts: readonly string[]): string {
  const lowered = texts.map((text) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))
  const distinct = [...new Set(lowered)].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return Buffer.from(distinct.join('\n')).subarray(0, 20_000).toString()
}
