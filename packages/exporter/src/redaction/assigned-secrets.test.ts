import { expect, it } from 'vitest'
import { createRedactor } from './redactor.js'

const redactor = createRedactor()

const REDACTED: [string, string][] = [
  ['{"password":"hunter2 and more","a":1}', '{"password":"[REDACTED]","a":1}'],
  ['{"pin":1234,"n":1}', '{"pin":"[REDACTED]","n":1}'],
  ['{"credentials":{"u":"}","p":["x"]},"n":1}', '{"credentials":"[REDACTED]","n":1}'],
  ['{\n  "api_key" : "abc"\n}', '{\n  "api_key" : "[REDACTED]"\n}'],
  [String.raw`{\"password\":\"hun\\\"ter2\",\"a\":1}`, String.raw`{\"password\":\"[REDACTED]\",\"a\":1}`],
  [String.raw`{\"pin\":1234,\"a\":1}`, String.raw`{\"pin\":\"[REDACTED]\",\"a\":1}`],
  [String.raw`"{\n  \"token\": \"abc\"\n}"`, String.raw`"{\n  \"token\": \"[REDACTED]\"\n}"`],
  ['{"password":"cut off in the mid', '{"password":"[REDACTED]'],
  [`{'password': 'hunter2'}`, `{'password': '[REDACTED]'}`],
  ['login failed for password=hunter2&user=1', 'login failed for password=[REDACTED]&user=1'],
  ['https://x.example/?access_token=abc&y=1', 'https://x.example/?access_token=[REDACTED]&y=1'],
  ['PASSWORD: hunter2!', 'PASSWORD: [REDACTED]'],
  ['password => hunter2', 'password => [REDACTED]'],
  ['password := hunter2', 'password := [REDACTED]'],
  ['Authorization: Basic dXNlcjpwYXNz\r\nHost: x', 'Authorization: [REDACTED]\r\nHost: x'],
  ['Cookie: a=b; c=d\nnext', 'Cookie: [REDACTED]\nnext'],
  ['-H "X-Api-Key: abc def"', '-H "X-Api-Key: [REDACTED] def"'],
  ['run --api-key abc --verbose', 'run --api-key [REDACTED] --verbose'],
  ['run --api-key=abc', 'run --api-key=[REDACTED]'],
  ['<password>abc d</password>', '<password>[REDACTED]</password>'],
]

it.each(REDACTED)('%s', (text, expected) => {
  expect(redactor.text(text)).toBe(expected)
  expect(redactor.text(expected)).toBe(expected)
})

it.each([
  'password is required',
  'token: string',
  'token: expired',
  'const token = getToken()',
  'secret = process.env.SECRET',
  '{"password":null,"token":true,"secret":""}',
  'next_page_token=abc',
  'tokens: 55',
  '{"shipping":"x","author":"me"}',
  '10:30: the meeting',
  'https://x.example/path',
  '-- a comment about tokens',
])('leaves %s', (text) => expect(redactor.text(text)).toBe(text))
