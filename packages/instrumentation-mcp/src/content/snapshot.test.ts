import { describe, expect, it } from 'vitest'
import { snapshot, TRUNCATED } from './snapshot.js'

describe('a snapshot', () => {
  it('is a copy, equal to what JSON would carry', () => {
    const value = { a: [1, 'x', null, true, undefined], b: { c: undefined, d: new Date(0) }, e: Number.NaN }
    const copy = snapshot(value, 1000)
    expect(copy).toEqual(JSON.parse(JSON.stringify(value)))
    value.a.push(2)
    expect(copy).toHaveProperty('a.length', 5)
  })

  it('survives values that never were JSON', () => {
    const cyclic: Record<string, unknown> = { big: 10n, fn: () => 1, symbol: Symbol('x') }
    cyclic['self'] = cyclic
    expect(snapshot(cyclic, 1000)).toEqual({ big: '10', self: '[circular]' })
    const broken = {
      get bad(): never {
        throw new Error('getter')
      },
    }
    expect(snapshot({ broken }, 1000)).toEqual({ broken: '[unreadable]' })
    let deep: unknown = 'end'
    for (let level = 0; level < 100; level += 1) deep = { deep }
    expect(JSON.stringify(snapshot(deep, 100_000))).toContain('[too deep]')
    const hostile = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}') as unknown
    expect(JSON.stringify(snapshot(hostile, 1000))).toBe('{"__proto__":{"polluted":true},"a":1}')
  })

  it.each([
    ['a long text', { text: 'x'.repeat(2_000_000) }],
    ['many items', Array.from({ length: 300_000 }, (_, index) => index)],
    ['many properties', Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]))],
    ['many long texts', Array.from({ length: 100 }, () => 'y'.repeat(50_000))],
  ])('of %s is bounded, valid JSON, and says that it is cut', (_what, value) => {
    const json = JSON.stringify(snapshot(value, 10_000))
    expect(json.length).toBeLessThan(25_000)
    expect(JSON.parse(json)).toBeTruthy()
    expect(json).toMatch(new RegExp(`more characters\\]|${TRUNCATED}`))
  })

  it('never cuts a character in two', () => {
    const cut = snapshot(`${'x'.repeat(499)}😀${'x'.repeat(1000)}`, 1000) as string
    expect(cut).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
  })

  it('describes images, audio and blobs instead of carrying them', () => {
    const data = Buffer.from('hello').toString('base64')
    const copy = snapshot(
      [
        { type: 'image', data, mimeType: 'image/png' },
        { type: 'audio', data, mimeType: 'audio/wav' },
        { type: 'resource', resource: { uri: 'file:///x', blob: data, mimeType: 'application/pdf' } },
      ],
      1000,
    )
    expect(JSON.stringify(copy)).not.toContain(data)
    const media = { bytes: 5, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown }
    expect(copy).toEqual([
      { type: 'image', mimeType: 'image/png', 'mcpcat.media': { kind: 'image', ...media } },
      { type: 'audio', mimeType: 'audio/wav', 'mcpcat.media': { kind: 'audio', ...media } },
      {
        type: 'resource',
        resource: { uri: 'file:///x', mimeType: 'application/pdf', 'mcpcat.media': { kind: 'blob', ...media } },
      },
    ])
  })
})
