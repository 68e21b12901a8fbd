import { expect, test } from 'vitest'
import type { AttributeLookup, Placement, SessionRules, TrackedEvent, TrackedStrand, TrackerLimits } from './index.js'
import { assembleSessions, defaultRules, fragmentGap, knownStrands, linkedKey, linksOf, ownKey } from './index.js'
import { eventInterval, readStrand, rungNamed, sessionRules, sessionTracker } from './index.js'
import type { Fragment } from './fragments.js'
import { fragmentOf, joinFragments } from './fragments.js'
import type { SessionKey } from './key.js'
import { scopesOf } from './scope-members.js'

/** More, and other ones, by MCPCAT_HISTORIES and MCPCAT_HISTORIES_SEED. */
const COUNT = Number(process.env['MCPCAT_HISTORIES'] ?? 2000)
const SEED = Number(process.env['MCPCAT_HISTORIES_SEED'] ?? 2026)

test('places every event as a tracker does that computes all from its fragments each time', () => {
  for (let index = 0; index < COUNT; index++) {
    const { rules, limits, batches } = history(randomOf(SEED * 100_003 + index))
    const known = index % 2 === 0 ? knownStrands(rules) : undefined
    let now = 0
    let tracker = sessionTracker(rules, limits, () => now)
    let plain = plainTracker(rules, limits, () => now)
    for (const { events, at, restart } of batches) {
      now = at
      if (restart) {
        tracker = sessionTracker(rules, limits, () => now, tracker.state())
        plain = plainTracker(rules, limits, () => now, plain.state())
      }
      const given = known ? events.map((event) => ({ ...event, known: known.of(event.strand) })) : events
      expect(tracker.place(given), `history ${index}`).toEqual(plain.place(events))
      expect(tracker.state(), `history ${index}`).toEqual(plain.state())
      expect(tracker.size).toBe(plain.state().length)
    }
  }
})

interface PlainStrand extends TrackedStrand {
  fragments: readonly Fragment[]
  firstStart: bigint
  firstEventId: string
  touchedAt: number
  lastPlaced: string | undefined
  key: SessionKey
  /** When it came to its key, and to its scope, among the others. */
  ofKeySince: number
  ofScopeSince: number
}

/** Remembers what a tracker has to, in the same order, but nothing that follows from it. */
function plainTracker(
  rules: SessionRules,
  limits: TrackerLimits,
  now: () => number,
  from: readonly TrackedStrand[] = [],
): { place(events: readonly TrackedEvent[]): Placement[]; state(): TrackedStrand[] } {
  const strands = new Map<string, PlainStrand>()
  let steps = 0

  function remembered(tracked: TrackedStrand): PlainStrand {
    const key = ownKey(tracked.strand, rules)
    const strand = { ...tracked, key, ofKeySince: ++steps, ofScopeSince: ++steps }
    strands.set(JSON.stringify(tracked.strand), strand)
    return strand
  }

  function relink(strand: PlainStrand): void {
    for (const scope of scopesOf(strand.strand)) {
      const members = [...strands.values()]
        .filter((other) => other.strand.project === strand.strand.project && scopesOf(other.strand).includes(scope))
        .toSorted((a, b) => a.ofScopeSince - b.ofScopeSince)
      const links = linksOf(members)
      for (const member of members) {
        const key = member.strand.scope === scope ? linkedKey(member.strand, links, rules) : member.key
        if (key.hash !== member.key.hash) Object.assign(member, { key, ofKeySince: ++steps })
      }
    }
  }

  function add(event: TrackedEvent): PlainStrand {
    const id = JSON.stringify(event.strand)
    const first = { firstStart: event.start, firstEventId: event.eventId, touchedAt: 0, lastPlaced: undefined }
    const before = strands.get(id)
    const strand = before ?? remembered({ strand: event.strand, fragments: [], ...first })
    strands.delete(id)
    strands.set(id, strand)
    strand.touchedAt = now()
    const gap = fragmentGap(rules, strand.key.rung)
    strand.fragments = withEvent(strand.fragments, strand.strand.scope, event, gap)
    const isEarliest =
      event.start < strand.firstStart || (event.start === strand.firstStart && event.eventId < strand.firstEventId)
    if (isEarliest) Object.assign(strand, { firstStart: event.start, firstEventId: event.eventId })
    if (!before || isEarliest) relink(strand)
    return strand
  }

  function sessionsOf(key: SessionKey): ReturnType<typeof assembleSessions> {
    const ofKey = [...strands.values()].filter((strand) => strand.key.hash === key.hash)
    const fragments = ofKey.toSorted((a, b) => a.ofKeySince - b.ofKeySince).flatMap((strand) => strand.fragments)
    const joined = [...new Set(fragments.map(({ scope }) => scope))].flatMap((scope) =>
      joinFragments(
        fragments.filter((fragment) => fragment.scope === scope),
        fragmentGap(rules, key.rung),
      ),
    )
    return assembleSessions(key, joined, rules)
  }

  function place({ start, strand: { scope } }: TrackedEvent, strand: PlainStrand): Placement {
    const sessions = sessionsOf(strand.key)
    const session = sessions.find(({ fragments }) =>
      fragments.some((fragment) => fragment.scope === scope && fragment.start <= start && start <= fragment.end),
    )
    if (!session) throw new Error('an event is in no session')
    const { id: sessionId, source, confidence } = session
    const previousId = strand.lastPlaced
    strand.lastPlaced = sessionId
    const isSuperseded = previousId !== undefined && !sessions.some(({ id }) => id === previousId)
    return { sessionId, source, confidence, ...(isSuperseded ? { previousId } : {}) }
  }

  function forget(touched: readonly PlainStrand[]): void {
    for (const strand of touched) {
      if (rungNamed(rules, strand.key.rung).kind === 'handle') continue
      const horizon = (strand.fragments.at(-1)?.end ?? 0n) - BigInt(limits.rememberMs) * 1_000_000n
      strand.fragments = strand.fragments.filter(({ end }) => end >= horizon)
    }
    for (const [id, { touchedAt }] of strands) {
      if (strands.size <= limits.maxStrands && touchedAt >= now() - limits.rememberMs) break
      strands.delete(id)
    }
  }

  for (const tracked of from) remembered(tracked)
  for (const strand of strands.values()) relink(strand)
  return {
    place(events) {
      const touched = events.map(add)
      const placements = events.map((event, index) => place(event, touched[index] as PlainStrand))
      forget(touched)
      return placements
    },
    state: () =>
      Array.from(strands.values(), ({ strand, fragments, firstStart, firstEventId, touchedAt, lastPlaced }) => ({
        strand,
        fragments,
        firstStart,
        firstEventId,
        touchedAt,
        lastPlaced,
      })),
  }
}

function withEvent(fragments: readonly Fragment[], scope: string, event: TrackedEvent, gap: bigint): Fragment[] {
  const last = fragments.at(-1)
  if (last && event.start > last.start && event.start - last.end <= gap) {
    const end = event.end > last.end ? event.end : last.end
    return [...fragments.slice(0, -1), { ...last, end, eventCount: last.eventCount + 1 }]
  }
  return joinFragments([...fragments, fragmentOf(scope, event)], gap)
}

interface Random {
  /** Below the limit. */
  upTo(limit: number): number
  of<T>(...values: T[]): T
  chance(share: number): boolean
}

function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    upTo: (limit) => Math.floor(next() * limit),
    of: (...values) => values[Math.floor(next() * values.length)] as (typeof values)[number],
    chance: (share) => next() < share,
  }
}

const MINUTE = 60_000
const ladders: SessionRules[] = [
  defaultRules,
  sessionRules({ gapMs: 5 * MINUTE, ladder: ['raw', 'trace'] }),
  sessionRules({ gapMs: 0, ladder: ['handle', { name: 'user', limitMs: 10 * MINUTE }, 'trace', 'auth'] }),
]

/** Events of a few people, clients and connections, so that they meet; late, again, shuffled, and in one instant. */
function history(random: Random): {
  rules: SessionRules
  limits: TrackerLimits
  batches: { events: TrackedEvent[]; at: number; restart: boolean }[]
} {
  const rules = random.chance(0.7) ? defaultRules : random.of(...ladders)
  const limits = {
    maxStrands: random.chance(0.3) ? 1 + random.upTo(4) : 1000,
    rememberMs: random.of(60, 60, 200, 10_000) * MINUTE,
    maxAwake: random.of(0, 1, 3, 1000),
    restAfterMs: random.of(-1, -1, 0, MINUTE),
  }
  // Mostly little of the rarer evidence, or nearly every event would have all of it.
  const shares = { user: random.of(0, 0.3, 1), handle: random.of(0, 0, 0.3), auth: random.of(0, 0, 0.4) }
  const raws = random.of(['r1'], ['r1', 'r2'], ['r1', 'r2', 'r3', undefined], [undefined])
  // Mostly in this century; a clock may be wrong.
  const epoch = random.of(0n, 0n, 0n, -(10n ** 13n), 2n ** 62n - 10n ** 13n)
  let clock = 0
  const events = Array.from({ length: 4 + random.upTo(24) }, (_, index): TrackedEvent => {
    clock += pause(random)
    const raw = random.of(...raws)
    const attributes: Record<string, string | undefined> = {
      'mcpcat.project.id': random.chance(0.05) ? 'other' : undefined,
      [random.chance(0.1) ? 'mcpcat.connection.id' : 'mcp.session.id']: raw,
      'mcp.client.name': random.of('claude', 'claude', 'cursor', undefined),
      'user.id': random.chance(shares.user) ? random.of('ada', 'ada', 'bob') : undefined,
      'openai/session': random.chance(shares.handle) ? random.of('h1', 'h2') : undefined,
      'user.hash': random.chance(shares.auth) ? 'subject' : undefined,
      ...(random.chance(0.2) ? { 'host.name': 'laptop', 'process.owner': 'me' } : {}),
    }
    const lookup: AttributeLookup = (name) => attributes[name]
    // Now and then an id that another event has, too.
    const eventId = `e${random.chance(0.1) ? random.upTo(5) : random.chance(0.5) ? index + 10 : 99 - index}`
    const traceId = random.chance(0.5) ? `t${random.upTo(2)}` : `t-${eventId}`
    const start = epoch + BigInt(clock) * 1_000_000n
    const lasts = random.of(0, 0, 1, random.upTo(30_000), random.upTo(20 * MINUTE), 60 * MINUTE)
    const interval = eventInterval(eventId, start, start + BigInt(lasts) * 1_000_000n)
    return { ...interval, strand: readStrand(lookup, { eventId, traceId }, rules) }
  })
  // Some come late, some again.
  const late = random.of(0, 0, 0.2, 1)
  const order = events.flatMap((event, index) => {
    const at = index + (random.chance(late) ? random.upTo(events.length) : 0)
    const again = { at: at + random.upTo(6), event: { ...event } }
    return random.chance(0.1) ? [{ at, event }, again] : [{ at, event }]
  })
  const queue = order.toSorted((a, b) => a.at - b.at).map(({ event }) => event)
  const batches: { events: TrackedEvent[]; at: number; restart: boolean }[] = []
  let at = 0
  while (queue.length > 0) {
    at += random.of(0, 1, MINUTE, 90 * MINUTE)
    const size = random.of(1, 1, 3, 10)
    batches.push({ events: queue.splice(0, size), at, restart: random.chance(0.05) })
  }
  return { rules, limits, batches }
}

/** On both sides of every limit: 5, 10 and 30 minutes, and a millisecond around them. */
function pause(random: Random): number {
  if (random.chance(0.5)) return random.upTo(2 * MINUTE)
  return random.of(0, 0, 1, random.of(5, 10, 30) * MINUTE + random.of(-1, 0, 1), random.upTo(180 * MINUTE))
}
