import { expect, test } from 'vitest'
import { jsonLines } from './json-lines.js'

function plain(text: string): string {
  return (jsonLines(text) ?? [])
    .map(({ depth, tokens }) => '  '.repeat(depth) + tokens.map((token) => token.text).join(''))
    .join('\n')
}

test('indents as JSON.stringify does', () => {
  const value = { a: [1, { b: null }, [], {}], 'key: "x"': 'a,b{}[]:', nested: { deep: [true, false] } }
  expect(plain(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
})

test('keeps every literal as it was written', () => {
  const text = String.raw`{"n":1.0,"big":12345678901234567890,"huge":1e400,"esc":"\u00e9\/\n","n":2}`
  const kept = (jsonLines(text) ?? []).flatMap(({ tokens }) => tokens.map((token) => token.text)).join('')
  expect(kept.replaceAll(': ', ':')).toBe(text)
})

test('tells keys from strings', () => {
  const kinds = jsonLines('{"a":"b"}')?.flatMap(({ tokens }) => tokens.map(({ kind }) => kind))
  expect(kinds).toEqual(['punctuation', 'key', 'punctuation', 'string', 'punctuation'])
})

test('a line that opens names the line that closes', () => {
  const lines = jsonLines('{"a":[1,2],"b":{}}')
  expect(lines?.map(({ closes }) => closes)).toEqual([6, 4, undefined, undefined, undefined, undefined, undefined])
})

test('scalars are one line; what is no JSON is null', () => {
  expect(plain('"text"')).toBe('"text"')
  expect(plain(' 12 ')).toBe('12')
  expect(jsonLines('{"cut": "of')).toBeNull()
  expect(jsonLines('plain text')).toBeNull()
})

test('a megabyte in one string, and deep nesting, pass', () => {
  expect(jsonLines(JSON.stringify({ text: 'x"\\'.repeat(300_000) }))).toHaveLength(3)
  expect(jsonLines(`${'['.repeat(5000)}1${']'.repeat(5000)}`)).toHaveLength(10_001)
})
