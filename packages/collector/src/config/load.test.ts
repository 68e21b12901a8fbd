import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.js'

const load = (text: string, env: Record<string, string> = {}, sets: string[] = []) =>
  loadConfig({ sources: [{ name: 'a.yaml', text }], env, sets }).value

describe('environment references', () => {
  it('take the type that YAML gives the text when they stand alone', () => {
    const value = load('a: ${env:PORT}\nb: "${env:PORT}"\nc: "x${env:PORT}"\nd: ${ON}', { PORT: '4318', ON: 'true' })
    expect(value).toEqual({ a: 4318, b: 4318, c: 'x4318', d: true })
  })

  it('fall back to the default when unset or empty, and to nothing when the default is empty', () => {
    expect(load('a: ${env:X:-./data}\nb: ${env:X:-}', { X: '' })).toEqual({ a: './data', b: null })
  })

  it('stand for a dollar sign when doubled', () => {
    expect(load('a: $$5 and $${env:X}', {})).toEqual({ a: '$5 and ${env:X}' })
  })

  it('name the place and the way out when unset', () => {
    expect(() => load('a:\n  b: [1, "${env:TOKEN}"]')).toThrow(
      'a.yaml:2: a.b[1]: the environment variable TOKEN is not set; set it, or write ${env:TOKEN:-default}',
    )
  })

  it('are filled in after merging, so that what is replaced need not be set', () => {
    expect(load('a: ${env:X}', {}, ['a=1'])).toEqual({ a: 1 })
  })
})

describe('several sources', () => {
  it('merge maps and replace everything else', () => {
    const sources = [
      { name: 'a.yaml', text: 'x: { one: 1, list: [1, 2] }\ny: 1' },
      { name: 'b.yaml', text: 'x: { two: 2, list: [3] }\ny: { z: 1 }' },
    ]
    expect(loadConfig({ sources }).value).toEqual({ x: { one: 1, two: 2, list: [3] }, y: { z: 1 } })
  })

  it('give way to --set, whose values are YAML', () => {
    expect(
      load('a: { b: 1 }', {}, ['a.b=[x, 2]', 'a.c=off: no', 'a.d=127.0.0.1:0', 'a.e=x: y: z', 'a.f=p, q }']),
    ).toEqual({
      a: { b: ['x', 2], c: { off: 'no' }, d: '127.0.0.1:0', e: 'x: y: z', f: 'p, q }' },
    })
  })

  it('each say where a value was written', () => {
    const config = loadConfig({
      sources: [
        { name: 'a.yaml', text: 'x:\n  one: 1\n  two: 2' },
        { name: 'b.yaml', text: '\n\nx:\n  two: 3' },
      ],
      sets: ['x.three=3'],
    })
    expect(config.locate(['x', 'one'])).toBe('a.yaml:2')
    expect(config.locate(['x', 'two'])).toBe('b.yaml:4')
    expect(config.locate(['x', 'three'])).toBe('--set x.three')
  })

  it('keep a key named __proto__ as a plain key', () => {
    const value = load('a: { __proto__: { polluted: 1 } }')
    expect(Object.hasOwn(value['a'] as object, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

it('refuses text that is not YAML, with its line', () => {
  expect(() => load('a: 1\nb: [')).toThrow(/^a\.yaml:\d: not valid YAML: /)
  expect(() => load('- a')).toThrow('a.yaml:1: the configuration must be a map')
})
