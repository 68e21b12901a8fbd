import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from './redactor.js'
import { writeJson, type WriteJsonOptions } from './write-json.js'

const redactor = createRedactor()

function write(value: unknown, options: Partial<WriteJsonOptions> = {}): string {
  const work = writeJson(value, { redactor, shape: false, maxBytes: 1_000_000, ...options })
  let step = work.next()
  while (!step.done) step = work.next(undefined)
  return step.value
}

const parse = (json: string): unknown => JSON.parse(json) as unknown

/** Values as JSON has them, with names that no rule takes for a secret's. */
const harmless = fc.jsonValue({ maxDepth: 5 }).map((value) => rename(value))

function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename)
  if (typeof value === 'string') return value.replaceAll(/[@:=<\d.-]/g, '_')
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) % 1000 : 0
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.values(value).map((member, index) => [`member_${'x'.repeat(index)}`, rename(member)]),
  )
}

describe('what it keeps', () => {
  it('is exactly the JSON of a value without secrets', () => {
    fc.assert(
      fc.property(harmless, (value) => {
        expect(write(value)).toBe(JSON.stringify(value))
      }),
    )
  })

  it('is the structure, whatever the values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const before = JSON.parse(JSON.stringify(value)) as unknown
        expect(skeleton(parse(write(before)), before)).toEqual(skeleton(before, before))
      }),
    )
  })

  it('is its input, unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const copy = structuredClone(value)
        write(value)
        write(value, { shape: true })
        expect(value).toEqual(copy)
      }),
    )
  })

  it('is valid JSON and small enough, whatever the limit', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 100, max: 600 }), (value, maxBytes) => {
        const json = write(value, { maxBytes })
        parse(json)
        // Each container that is open at the cut adds its own mark.
        expect(Buffer.byteLength(json)).toBeLessThan(maxBytes + 300)
      }),
    )
  })
})

/** Containers and their sizes; what stands under a secret name is one value, whatever it was. */
function skeleton(value: unknown, before: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => skeleton(item, (before as unknown[])[index]))
  if (typeof value !== 'object' || value === null) return '.'
  const keys = Object.keys(before as object)
  return Object.values(value).map((member, index) => {
    const key = keys[index] ?? ''
    return redactor.isSecretKey(key) ? '.' : skeleton(member, (before as Record<string, unknown>)[key])
  })
}

const PLANTED: { name: string; secret: string }[] = [
  { name: 'e-mail', secret: 'planted.person@secret-place.example' },
  { name: 'API key', secret: `sk-${'Planted1'.repeat(4)}` },
  { name: 'JWT', secret: `eyJhbGciOiJIUzI1NiJ9.${'Planted1'.repeat(3)}.${'Planted2'.repeat(3)}` },
  { name: 'card', secret: '4111111111111111' },
]
const separator = fc.constantFrom(' ', ', ', '\n', '"', '(', '; ', '\t')

describe.each(PLANTED)('a planted $name', ({ secret }) => {
  it('is gone from wherever it was put', () => {
    const text = fc
      .tuple(fc.string(), separator, separator, fc.string())
      .map(([a, b, c, d]) => `${a}${b}${secret}${c}${d}`)
    const place = fc.oneof(
      text.map((value) => ({ value })),
      text.map((value) => [[value]]),
      text.map((value) => ({ nested: JSON.stringify({ list: [value] }) })),
      text.map((value) => ({ nested: JSON.stringify(JSON.stringify({ list: [value] })) })),
      text.map((value) => ({ [value]: 1 })),
      text.map((value) => ({ content: [{ type: 'text', text: `Result: ${JSON.stringify(value)}` }] })),
    )
    fc.assert(
      fc.property(place, (value) => {
        expect(write(value)).not.toContain(secret)
      }),
    )
  })
})

describe('a secret name', () => {
  const secret = fc.string({ minLength: 8 }).map((text) => `Planted-${text}`)
  const name = fc.constantFrom('password', 'apiKey', 'X-Api-Key', 'client_secret', 'Authorization')

  it('hides its value, in objects', () => {
    fc.assert(
      fc.property(name, secret, fc.string(), (key, value, other) => {
        const json = write({ [key]: value, deep: [{ [key]: { inner: value } }], other })
        expect(json).not.toContain('Planted-')
      }),
    )
  })

  it('hides its value, in JSON within text, at any depth of quoting and cut off anywhere', () => {
    fc.assert(
      fc.property(name, secret, fc.nat({ max: 3 }), fc.nat(), (key, value, depth, cut) => {
        let text = JSON.stringify({ a: 1, [key]: value, list: [{ [key]: [value] }], z: 2 })
        for (let i = 0; i < depth; i++) text = JSON.stringify(text)
        const part = text.slice(0, Math.max(1, cut % (text.length + 1)))
        expect(redactor.text(text)).not.toContain('Planted-')
        expect(redactor.text(part)).not.toContain('Planted-')
      }),
    )
  })

  it('keeps what is no secret', () => {
    expect(parse(write({ password: null, token: false, secret: '' }))).toEqual({
      password: null,
      token: false,
      secret: '',
    })
  })

  it('hides the value of a name/value pair', () => {
    expect(
      parse(
        write([
          { name: 'Authorization', value: 'x y z' },
          { name: 'Accept', value: '*/*' },
        ]),
      ),
    ).toEqual([
      { name: 'Authorization', value: '[REDACTED]' },
      { name: 'Accept', value: '*/*' },
    ])
  })
})

it('writes what JSON cannot say, and survives what throws', () => {
  const cyclic: Record<string, unknown> = { big: 10n, date: new Date(0), bytes: new Uint8Array(3), none: undefined }
  Object.defineProperty(cyclic, 'getter', {
    enumerable: true,
    get() {
      throw new Error('no')
    },
  })
  expect(parse(write({ cyclic }))).toEqual({
    cyclic: { big: '10', date: '1970-01-01T00:00:00.000Z', bytes: '[binary: 3 bytes]', getter: '[unreadable]' },
  })
  cyclic['self'] = cyclic
  expect(write(cyclic)).toContain('[too deep]')
  expect(parse(write(JSON.parse('{"__proto__":{"a":1}}')))).toEqual(JSON.parse('{"__proto__":{"a":1}}'))
})

it('leaves binary content behind, and says so', () => {
  const content = [
    { type: 'image', data: 'aGVsbG8='.repeat(100), mimeType: 'image/png' },
    { type: 'resource', resource: { uri: 'file:///x', mimeType: 'application/pdf', blob: 'aGVsbG8=' } },
  ]
  expect(parse(write({ content }))).toEqual({
    content: [
      { type: 'image', data: '[image/png: 800 base64 characters]', mimeType: 'image/png' },
      {
        type: 'resource',
        resource: { uri: 'file:///x', mimeType: 'application/pdf', blob: '[application/pdf: 8 base64 characters]' },
      },
    ],
  })
})

describe('shape', () => {
  it('has the same names and sizes, and types in the place of values', () => {
    const value = { a: 'x', b: [1, null, true, { token: 'y' }], c: {} }
    expect(parse(write(value, { shape: true }))).toEqual({
      a: 'string',
      b: ['number', null, 'boolean', { token: 'string' }],
      c: {},
    })
  })

  it('holds no value', () => {
    const value = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(value, (given) => {
        const leaves = new Set<unknown>()
        collect(parse(write(given, { shape: true })), leaves)
        for (const leaf of leaves) expect(['string', 'number', 'boolean', null]).toContain(leaf)
      }),
    )
  })
})

function collect(value: unknown, leaves: Set<unknown>): void {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) collect(member, leaves)
  else leaves.add(value)
}

describe('cutting', () => {
  it('marks what is missing', () => {
    const text = parse(write({ text: 'x'.repeat(1000) }, { maxBytes: 300 })) as { text: string }
    expect(text.text).toMatch(/^x+… \[truncated: \d+ more characters\]$/)
    const list = parse(
      write(
        Array.from({ length: 500 }, (_, i) => i),
        { maxBytes: 200 },
      ),
    ) as unknown[]
    expect(list.at(-1)).toMatch(/^\[truncated: \d+ more\]$/)
    const object = write(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])), { maxBytes: 200 })
    expect(parse(object)).toHaveProperty(['[truncated]'], expect.stringMatching(/^\d+ more$/))
  })

  it('does not let half a secret through at the cut', () => {
    for (let lead = 100; lead < 140; lead++) {
      const json = write({ text: `${'x'.repeat(lead)} planted.person@secret-place.example` }, { maxBytes: 210 })
      expect(json).not.toContain('planted')
    }
  })

  it('keeps pairs of surrogates together', () => {
    const text = '😀'.repeat(40_000)
    expect(parse(write({ text }))).toEqual({ text })
  })
})
