import { expect, test } from 'vitest'
import type { AttributeLookup, EventName, Rung, SessionRules, Strand } from './index.js'
import { defaultRules, knownBy, KnownStrand, knownStrands, readStrand, sessionRules } from './index.js'

const ladders: SessionRules[] = [
  defaultRules,
  sessionRules({ handles: ['x.handle'], ladder: ['user', 'handle', 'address', 'raw', 'trace'] }),
  sessionRules({ ladder: ['trace', 'raw', { name: 'tenant', attributes: ['tenant', ['seat', 'user.id']] }, 'user'] }),
  sessionRules({ ladder: [{ name: 'client', attributes: [['mcp.client.name', 'mcp.session.id']] }, 'process'] }),
]

test('of the same evidence the same strand is known, of other evidence another', () => {
  for (const rules of ladders) {
    const strands = knownStrands(rules)
    const random = randomOf(2026)
    const seen = new Map<string, string>()
    for (let index = 0; index < 5000; index++) {
      // Few texts, so that the same one is an id of one kind here and of another there.
      const values = strands.names.map(() => random('a', 'b', '', undefined, undefined, undefined))
      const event = { eventId: random('a', 'b', 'e', 'f'), traceId: random('', 'a', 't') }
      const lookup: AttributeLookup = (name) => values[strands.names.indexOf(name)]
      const expected = plainStrand(lookup, event, rules)
      const known = strands.read(values, event)
      expect(known.strand).toEqual(expected)
      expect(readStrand(lookup, event, rules)).toEqual(expected)
      expect(strands.of(expected)).toBe(known)
      const text = JSON.stringify(expected)
      expect(seen.get(known.id) ?? text).toBe(text)
      seen.set(known.id, text)
    }
    expect(seen.size).toBe(new Set(seen.values()).size)
    expect(seen.size).toBeGreaterThan(50)
  }
})

test('strands without number are remembered within bounds, and are equal when they come again', () => {
  let now = 0
  const strands = knownStrands(defaultRules, () => now)
  const ofUser = (index: number): KnownStrand =>
    strands.read(
      strands.names.map((name) => (name === 'user.id' ? `user ${index}` : undefined)),
      { eventId: 'e', traceId: 't' },
    )
  const first = ofUser(0)
  for (let index = 1; index < 60_000; index++) ofUser(index)
  expect(ofUser(0)).toBe(first)
  for (let index = 60_000; index < 180_000; index++) ofUser(index)
  const again = ofUser(0)
  expect(again).not.toBe(first)
  expect(again).toEqual(first)
  // So are those that have events, however long that goes on; not what had none.
  for (let index = 0; index < 6000; index++) {
    now += 10
    ofUser(index)
    expect(ofUser(0)).toBe(again)
  }
  const idle = ofUser(1)
  for (let index = 6000; index < 18_000; index++) {
    now += 10
    ofUser(index)
  }
  expect(ofUser(1)).not.toBe(idle)
})

test('what was read by other rules is not taken for known', () => {
  const strand = readStrand(() => undefined, { eventId: 'e', traceId: 't' }, defaultRules)
  const isKnown = knownBy(defaultRules)
  expect(isKnown(new KnownStrand(defaultRules, strand))).toBe(true)
  expect(isKnown(new KnownStrand(sessionRules({ gapMs: 1 }), strand))).toBe(false)
  expect(isKnown(new KnownStrand(sessionRules(), strand))).toBe(true)
})

/** The rules read one rung after the other. */
function plainStrand(attribute: AttributeLookup, event: EventName, rules: SessionRules): Strand {
  const protocol = attribute('mcp.session.id')
  const connection = attribute('mcpcat.connection.id')
  const raw = protocol ? `protocol:${protocol}` : connection ? `connection:${connection}` : ''
  const first = (alternatives: readonly string[]): string | undefined =>
    alternatives
      .filter((name) => name !== 'session.id' || attribute('mcpcat.session.source') === undefined)
      .map(attribute)
      .find(Boolean)
  const actorOn = ({ kind, attributes, requires }: Rung): string | undefined => {
    if (requires && !raw.startsWith(`${requires}:`)) return undefined
    if (kind === 'raw') return raw
    if (kind === 'trace') return event.traceId
    const values = attributes.map(first)
    if (values.includes(undefined)) return undefined
    return values.length === 1 ? values[0] : JSON.stringify(values)
  }
  const best = rules.ladder.find(actorOn)
  const actor = best ? (actorOn(best) as string) : event.eventId
  return {
    project: attribute('mcpcat.project.id') || 'default',
    rung: best?.name ?? 'isolated',
    actor,
    user: rules.ladder.filter(({ kind }) => kind === 'user').map(actorOn)[0] ?? '',
    client: attribute('mcp.client.name') ?? '',
    scope: best?.kind === 'handle' ? `handle:${actor}` : raw,
    raw,
  }
}

function randomOf(seed: number): <T>(...values: T[]) => T {
  let state = seed
  return (...values) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return values[Math.floor((state / 2 ** 32) * values.length)] as (typeof values)[number]
  }
}
