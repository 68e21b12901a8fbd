import { describe, expect, test } from 'vitest'
import type { Placement, TrackedEvent } from './index.js'
import { defaultRules, firstSessionIdAt, readStrand, sessionStart, sessionTracker } from './index.js'

const T0 = Date.UTC(2026, 7, 1, 12)
const MINUTE = 60_000

interface Seen {
  at: number
  lasts?: number
  [attribute: string]: string | number | undefined
}

/** The sessions of these events, in whatever order they come. */
function sessionsOf(seen: readonly Seen[]): Placement[] {
  const tracker = sessionTracker(defaultRules, { maxStrands: 100, rememberMs: 1e9 }, () => T0)
  return tracker.place(
    seen.map(({ at, lasts = 0, ...attributes }, index): TrackedEvent => {
      const eventId = `e${index}`
      const start = BigInt(T0 + at) * 1_000_000n
      const lookup = (name: string): string | undefined => attributes[name]?.toString()
      const traceId = lookup('trace') ?? `t${index}`
      return {
        eventId,
        start,
        end: start + BigInt(lasts) * 1_000_000n,
        strand: readStrand(lookup, { eventId, traceId }, defaultRules),
      }
    }),
  )
}

/** Events with the same letter are one session. */
function shape(seen: readonly Seen[]): string {
  const ids = sessionsOf(seen).map(({ sessionId }) => sessionId)
  return ids.map((id) => 'abcdefgh'[[...new Set(ids)].indexOf(id)]).join('')
}

const ada = { 'user.id': 'ada', 'mcp.client.name': 'claude' }
const bob = { 'user.id': 'bob', 'mcp.client.name': 'claude' }

/** A client that begins a new protocol session after a pause. */
function reset(at: number): Seen[] {
  return [
    { at: 0, 'mcp.session.id': 'one', ...ada },
    { at, 'mcp.session.id': 'two', ...ada },
  ]
}

describe('a pause', () => {
  const raw = { 'mcp.session.id': 's' }

  test('of exactly 30 minutes is within a session; a millisecond more is not', () => {
    expect(
      shape([
        { at: 0, ...raw },
        { at: 30 * MINUTE, ...raw },
      ]),
    ).toBe('aa')
    expect(
      shape([
        { at: 0, ...raw },
        { at: 30 * MINUTE + 1, ...raw },
      ]),
    ).toBe('ab')
  })

  test('begins at the latest end so far', () => {
    expect(
      shape([
        { at: 0, lasts: 20 * MINUTE, ...raw },
        { at: MINUTE, ...raw },
        { at: 50 * MINUTE, ...raw },
      ]),
    ).toBe('aaa')
  })

  test('of exactly 30 minutes joins two protocol sessions of a user; a millisecond more does not', () => {
    expect(shape(reset(30 * MINUTE))).toBe('aa')
    expect(shape(reset(30 * MINUTE + 1))).toBe('ab')
  })

  test('of exactly 5 minutes joins two connections of a process owner; a millisecond more does not', () => {
    const owner = { 'host.name': 'laptop', 'process.owner': 'me' }
    const restarted = (at: number): Seen[] => [
      { at: 0, 'mcpcat.connection.id': 'one', ...owner },
      { at, 'mcpcat.connection.id': 'two', ...owner },
    ]
    expect(shape(restarted(5 * MINUTE))).toBe('aa')
    expect(shape(restarted(5 * MINUTE + 1))).toBe('ab')
  })

  test('never ends the conversation of a handle', () => {
    expect(
      shape([
        { at: 0, 'openai/session': 'h' },
        { at: 900 * MINUTE, 'openai/session': 'h', 'mcp.session.id': 'x' },
      ]),
    ).toBe('aa')
  })
})

describe('protocol sessions of one user and client', () => {
  test('that overlap are different conversations; the one after continues the one that ended last', () => {
    expect(
      shape([
        { at: 0, 'mcp.session.id': 'window-1', ...ada },
        { at: 1000, 'mcp.session.id': 'window-2', ...ada },
        { at: 2000, 'mcp.session.id': 'window-1', ...ada },
        { at: 3000, 'mcp.session.id': 'window-2', ...ada },
        { at: 4000, 'mcp.session.id': 'reset', ...ada },
      ]),
    ).toBe('ababb')
  })

  test('that touch in one instant overlap', () => {
    expect(
      shape([
        { at: 0, lasts: 1000, 'mcp.session.id': '1', ...ada },
        { at: 1000, 'mcp.session.id': '2', ...ada },
      ]),
    ).toBe('ab')
  })

  test('are separated by a late event that makes them overlap', () => {
    const before: Seen[] = [
      { at: 0, 'mcp.session.id': '1', ...ada },
      { at: 2000, 'mcp.session.id': '2', ...ada },
    ]
    expect(shape(before)).toBe('aa')
    expect(shape([...before, { at: 3000, 'mcp.session.id': '1', ...ada }])).toBe('aba')
  })

  test('are apart from those in another client', () => {
    expect(
      shape([
        { at: 0, 'mcp.session.id': '1', ...ada },
        { at: 1000, 'mcp.session.id': '2', ...ada, 'mcp.client.name': 'cursor' },
      ]),
    ).toBe('ab')
  })
})

describe('two identified users are never in one session', () => {
  test('not in one protocol session, whose other events go to the first of them', () => {
    const proxy = { 'mcp.session.id': 'proxy' }
    expect(
      shape([
        { at: 0, ...proxy },
        { at: 1, ...proxy, ...ada },
        { at: 2, ...proxy, ...bob },
        { at: 3, ...proxy },
      ]),
    ).toBe('aaba')
  })

  test('not under one handle, nor in one trace', () => {
    expect(
      shape([
        { at: 0, 'openai/session': 'h', ...ada },
        { at: 1, 'openai/session': 'h', ...bob },
      ]),
    ).toBe('ab')
    expect(
      shape([
        { at: 0, trace: 't', ...ada },
        { at: 1, trace: 't', ...bob },
      ]),
    ).toBe('ab')
  })
})

describe('an event without any session', () => {
  test('is alone when it is anonymous', () => {
    const [first, second] = sessionsOf([{ at: 0 }, { at: 1 }])
    expect(first).toMatchObject({ source: 'isolated', confidence: 0 })
    expect(second?.sessionId).not.toBe(first?.sessionId)
  })

  test('is with the others of its user, or of its trace', () => {
    expect(
      shape([
        { at: 0, ...ada },
        { at: MINUTE, ...ada },
        { at: MINUTE, ...bob },
      ]),
    ).toBe('aab')
    expect(shape([{ at: 0, trace: 't' }, { at: MINUTE, trace: 't' }, { at: MINUTE }])).toBe('aab')
  })
})

test('ids tell when their session starts, and sort by it', () => {
  const [first, second] = sessionsOf([{ at: 0 }, { at: 1 }]).map(({ sessionId }) => sessionId)
  expect(sessionStart(first ?? '')).toBe(T0)
  expect((first ?? '') < (second ?? '')).toBe(true)
  expect((first ?? '') > firstSessionIdAt(T0)).toBe(true)
  expect(sessionStart('something')).toBeUndefined()
})

test('memory is bounded: the strands longest without an event are forgotten', () => {
  const tracker = sessionTracker(defaultRules, { maxStrands: 10, rememberMs: 1e9 }, () => T0)
  for (let i = 0; i < 100; i++) {
    const strand = readStrand(
      (name) => (name === 'mcp.session.id' ? `s${i}` : undefined),
      { eventId: `${i}`, traceId: '' },
      defaultRules,
    )
    tracker.place([{ eventId: `${i}`, start: BigInt(i), end: BigInt(i), strand }])
  }
  expect(tracker.size).toBe(10)
})
