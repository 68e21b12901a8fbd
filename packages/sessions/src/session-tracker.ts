import type { AssembledSession } from './assembled-session.js'
import { assembleSessions, fragmentGap } from './assembled-session.js'
import type { Strand } from './evidence.js'
import type { EventInterval, Fragment } from './fragments.js'
import { fragmentOf, joinFragments } from './fragments.js'
import type { Links, SessionKey } from './key.js'
import { linkedKey, linksOf } from './key.js'
import type { SessionRules, SessionSource } from './rules.js'
import { knownStrands } from './known-strands.js'
import { rungNamed } from './rules.js'

export interface TrackedEvent extends EventInterval {
  readonly strand: Strand
}

export interface Placement {
  readonly sessionId: string
  readonly source: SessionSource
  readonly confidence: number
  /** The id that earlier events of the same strand were given, when it has been superseded since. */
  readonly previousId?: string
}

export interface SessionTracker {
  /** The session of each event, by what has been seen so far; the batch itself counts as seen. */
  place(events: readonly TrackedEvent[]): Placement[]
  /** Strands that are remembered. */
  readonly size: number
  /** All that is remembered, for a tracker that goes on from here. */
  state(): TrackedStrand[]
}

/** What is remembered of a strand: its fragments, and where its events were placed. */
export interface TrackedStrand {
  readonly strand: Strand
  readonly fragments: readonly Fragment[]
  readonly firstStart: bigint
  readonly firstEventId: string
  /** Milliseconds since the epoch. */
  readonly touchedAt: number
  readonly lastPlaced: string | undefined
}

export interface TrackerLimits {
  /** Strands remembered at most; the ones without events for longest are forgotten first. */
  readonly maxStrands: number
  /** How long a strand without events is remembered, in milliseconds; not shorter than the rules' limits. */
  readonly rememberMs: number
}

interface Remembered extends TrackedStrand {
  readonly id: string
  key: SessionKey
  fragments: Fragment[]
  firstStart: bigint
  firstEventId: string
  touchedAt: number
  lastPlaced: string | undefined
}

/**
 * Places events as they pass, from bounded memory. Given the same events it agrees with what a store
 * computes of all of them; what it has forgotten, or not seen yet, it cannot take into account.
 *
 * @param now milliseconds since the epoch.
 * @param from what another one remembered, in its order.
 */
export function sessionTracker(
  rules: SessionRules,
  limits: TrackerLimits,
  now: () => number,
  from: readonly TrackedStrand[] = [],
): SessionTracker {
  const knownStrand = knownStrands(rules)
  // In order of the last event: the first is the next to be forgotten.
  const strands = new Map<string, Remembered>()
  const strandsOfScope = new Map<string, Set<Remembered>>()
  const strandsOfKey = new Map<string, Set<Remembered>>()

  function remember(event: TrackedEvent): Remembered {
    const { strand, id, key } = knownStrand.of(event.strand)
    const known = strands.get(id)
    const remembered: Remembered = known ?? {
      strand,
      id,
      key,
      fragments: [],
      firstStart: event.start,
      firstEventId: event.eventId,
      touchedAt: 0,
      lastPlaced: undefined,
    }
    strands.delete(id)
    strands.set(id, remembered)
    remembered.touchedAt = now()
    const gap = fragmentGap(rules, remembered.key.rung)
    remembered.fragments = withEvent(remembered.fragments, strand.scope, event, gap)
    const isEarliest =
      event.start < remembered.firstStart ||
      (event.start === remembered.firstStart && event.eventId < remembered.firstEventId)
    if (isEarliest) {
      remembered.firstStart = event.start
      remembered.firstEventId = event.eventId
    }
    if (!known) addTo(strandsOfKey, remembered.key.hash, remembered)
    // Only a new strand, or an earlier event of a known one, can change whose the others are.
    if (!known || isEarliest) {
      for (const scope of scopesOf(event.strand)) {
        const name = scopeId(event.strand.project, scope)
        addTo(strandsOfScope, name, remembered)
        // Alone, and new, it has the key of its own evidence.
        if (known || (strandsOfScope.get(name)?.size ?? 0) > 1) relink(event.strand.project, scope)
      }
    }
    return remembered
  }

  function relink(project: string, scope: string): void {
    const strandsInScope = strandsOfScope.get(scopeId(project, scope)) ?? new Set()
    const links: Links = linksOf(strandsInScope)
    for (const member of strandsInScope) {
      if (member.strand.scope !== scope) continue
      const key = linkedKey(member.strand, links, rules)
      if (key.hash === member.key.hash) continue
      removeFrom(strandsOfKey, member.key.hash, member)
      member.key = key
      addTo(strandsOfKey, key.hash, member)
    }
  }

  function sessionsOf(key: SessionKey): AssembledSession[] {
    const gap = fragmentGap(rules, key.rung)
    const byScope = new Map<string, Fragment[]>()
    for (const { fragments } of strandsOfKey.get(key.hash) ?? []) {
      for (const fragment of fragments) {
        const scope = byScope.get(fragment.scope)
        if (scope) scope.push(fragment)
        else byScope.set(fragment.scope, [fragment])
      }
    }
    const joined = [...byScope.values()].flatMap((fragments) => joinFragments(fragments, gap))
    return assembleSessions(key, joined, rules)
  }

  function forget(): void {
    const oldest = now() - limits.rememberMs
    for (const remembered of strands.values()) {
      if (strands.size <= limits.maxStrands && remembered.touchedAt >= oldest) break
      strands.delete(remembered.id)
      removeFrom(strandsOfKey, remembered.key.hash, remembered)
      for (const scope of scopesOf(remembered.strand)) {
        removeFrom(strandsOfScope, scopeId(remembered.strand.project, scope), remembered)
      }
    }
  }

  /** Of a strand that never rests, what ended long before its last event. */
  function forgetFragments(remembered: Remembered): void {
    if (remembered.fragments.length < 2 || rungNamed(rules, remembered.key.rung).kind === 'handle') return
    const last = remembered.fragments.at(-1) as Fragment
    const horizon = last.end - BigInt(limits.rememberMs) * 1_000_000n
    remembered.fragments = remembered.fragments.filter((fragment) => fragment.end >= horizon)
  }

  for (const tracked of from) {
    const { strand, id, key } = knownStrand.of(tracked.strand)
    const remembered: Remembered = {
      ...tracked,
      strand,
      id,
      key,
      fragments: [...tracked.fragments],
    }
    strands.set(remembered.id, remembered)
    addTo(strandsOfKey, remembered.key.hash, remembered)
    for (const scope of scopesOf(tracked.strand)) {
      addTo(strandsOfScope, scopeId(tracked.strand.project, scope), remembered)
    }
  }
  for (const { strand } of from) for (const scope of scopesOf(strand)) relink(strand.project, scope)

  return {
    place(events) {
      const placed = events.map(remember)
      const sessions = new Map<string, AssembledSession[]>()
      const placements = events.map((event, index): Placement => {
        const remembered = placed[index] as Remembered
        let ofKey = sessions.get(remembered.key.hash)
        if (!ofKey) sessions.set(remembered.key.hash, (ofKey = sessionsOf(remembered.key)))
        const session = ofKey.find(({ fragments }) =>
          fragments.some(
            ({ scope, start, end }) => scope === event.strand.scope && start <= event.start && event.start <= end,
          ),
        ) as AssembledSession
        const previous = remembered.lastPlaced
        const superseded = previous !== undefined && !ofKey.some(({ id }) => id === previous)
        remembered.lastPlaced = session.id
        return {
          sessionId: session.id,
          source: session.source,
          confidence: session.confidence,
          ...(superseded ? { previousId: previous } : {}),
        }
      })
      for (const remembered of new Set(placed)) forgetFragments(remembered)
      forget()
      return placements
    },
    get size() {
      return strands.size
    },
    state: () =>
      [...strands.values()].map(({ strand, fragments, firstStart, firstEventId, touchedAt, lastPlaced }) => ({
        strand,
        fragments,
        firstStart,
        firstEventId,
        touchedAt,
        lastPlaced,
      })),
  }
}

/** The fragments with one more event; mostly it prolongs the last. */
function withEvent(fragments: readonly Fragment[], scope: string, event: EventInterval, gap: bigint): Fragment[] {
  const last = fragments.at(-1)
  if (!last) return [fragmentOf(scope, event)]
  const prolongs = event.start > last.start && event.start - last.end <= gap
  if (!prolongs) return joinFragments([...fragments, fragmentOf(scope, event)], gap)
  const longer = { ...last, end: event.end > last.end ? event.end : last.end, eventCount: last.eventCount + 1 }
  return fragments.length === 1 ? [longer] : [...fragments.slice(0, -1), longer]
}

function scopeId(project: string, scope: string): string {
  return `${project.length} ${project}${scope}`
}

/** Where a strand tells whose the scope is: its own, and its raw session when it has a handle beside. */
function scopesOf({ scope, raw }: Strand): string[] {
  if (scope === raw || raw === '') return scope === '' ? [] : [scope]
  return scope === '' ? [raw] : [scope, raw]
}

function addTo<T>(index: Map<string, Set<T>>, id: string, value: T): void {
  const values = index.get(id)
  if (values) values.add(value)
  else index.set(id, new Set([value]))
}

function removeFrom<T>(index: Map<string, Set<T>>, id: string, value: T): void {
  const values = index.get(id)
  values?.delete(value)
  if (values?.size === 0) index.delete(id)
}
