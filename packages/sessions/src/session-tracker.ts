import type { Strand } from './evidence.js'
import type { EventInterval } from './fragments.js'
import { fragmentOf } from './fragments.js'
import { linkedKey, linksOf } from './key.js'
import type { KnownStrand } from './known-strand.js'
import { knownStrands } from './known-strands.js'
import type { Remembered, TrackedStrand, TrackerLimits } from './remembered-strands.js'
import { rememberedStrands } from './remembered-strands.js'
import type { SessionRules, SessionSource } from './rules.js'
import { scopesOf } from './scope-members.js'

export interface TrackedEvent extends EventInterval {
  readonly strand: Strand
  /** The strand as {@link knownStrands} of the same rules knows it, where the caller has looked it up. */
  readonly known?: KnownStrand
}

export interface Placement {
  readonly sessionId: string
  readonly source: SessionSource
  readonly confidence: number
  /** The id that earlier events of the same strand were given, when it has been superseded since. */
  readonly previousId?: string
}

/** @typeParam Placed what is made of placements; it may be kept, and given to many events. */
export interface SessionTracker<Placed = Placement> {
  /** The session of each event, by what has been seen so far; the batch itself counts as seen. */
  place(events: readonly TrackedEvent[]): Placed[]
  /** Strands that are remembered. */
  readonly size: number
  /** All that is remembered, for a tracker that goes on from here. */
  state(): TrackedStrand[]
}

/**
 * Places events as they pass, from bounded memory. Given the same events it agrees with what a store
 * computes of all of them; what it has forgotten, or not seen yet, it cannot take into account.
 *
 * @param now milliseconds since the epoch.
 * @param from what another one remembered, in its order.
 * @param made what a placement is given as; made once for all events of the same.
 */
export function sessionTracker(
  rules: SessionRules,
  limits: TrackerLimits,
  now: () => number,
  from?: readonly TrackedStrand[],
): SessionTracker
export function sessionTracker<Placed>(
  rules: SessionRules,
  limits: TrackerLimits,
  now: () => number,
  from: readonly TrackedStrand[],
  made: (placement: Placement) => Placed,
): SessionTracker<Placed>
export function sessionTracker<Placed>(
  rules: SessionRules,
  limits: TrackerLimits,
  now: () => number,
  from: readonly TrackedStrand[] = [],
  made: (placement: Placement) => Placed = (placement) => placement as Placed,
): SessionTracker<Placed> {
  const knownStrand = knownStrands(rules)
  const strands = rememberedStrands<Placed>(rules, limits, now)
  const { table, keys, scopes } = strands
  const rememberNs = BigInt(limits.rememberMs) * 1_000_000n

  /** Gives the strands of a scope the keys that they have by what is known of it now. */
  function relink(project: string, scope: string): void {
    const links = linksOf(scopes.of(project, scope))
    for (const member of scopes.of(project, scope)) {
      if (member.strand.scope !== scope) continue
      const user = member.strand.user || links.user
      const client = member.strand.client || links.client
      // Mostly, and then the key is the same, whose hash costs something.
      if (user === member.user && client === member.client) continue
      member.user = user
      member.client = client
      const key = linkedKey(member.strand, links, rules)
      if (key.hash === member.key.key.hash) continue
      strands.move(member, key)
    }
  }

  function relinkScopes({ strand }: Remembered<Placed>): void {
    for (const scope of scopesOf(strand)) relink(strand.project, scope)
  }

  function add(event: TrackedEvent, touchedAt: number): Remembered<Placed> {
    const known = event.known ?? knownStrand.of(event.strand)
    const remembered = strands.of(known)
    if (!remembered) return opened(event, known, touchedAt)
    const { row } = remembered
    const { start } = event
    table.use(row, touchedAt)
    if (table.prolong(row, start, event.end) || keys.add(remembered, event)) return remembered
    const { firstStart, firstEventId } = remembered
    if (start < firstStart || (start === firstStart && event.eventId < firstEventId)) {
      remembered.firstStart = start
      remembered.firstEventId = event.eventId
      // Only a new strand, or an earlier event of a known one, can change whose the others are.
      relinkScopes(remembered)
    }
    return remembered
  }

  function opened(event: TrackedEvent, known: KnownStrand, touchedAt: number): Remembered<Placed> {
    const fragment = fragmentOf(known.strand.scope, event)
    const { start: firstStart, firstEventId } = fragment
    const remembered = strands.add(known, {
      fragments: [fragment],
      firstStart,
      firstEventId,
      touchedAt,
      lastPlaced: undefined,
    })
    relinkScopes(remembered)
    return remembered
  }

  function place({ start }: TrackedEvent, remembered: Remembered<Placed>): Placed {
    const { row, placed } = remembered
    if (placed !== undefined && table.isOpenAt(row, start)) return placed
    const { key, last, lastPlaced } = remembered
    const inLast = start >= last.start
    if (placed !== undefined && inLast && remembered.assembly === key.assembly) {
      keys.leaveOpen(remembered)
      return placed
    }
    const { id: sessionId, source, confidence } = keys.sessionOf(remembered, start)
    const placement = { sessionId, source, confidence }
    const isSuperseded =
      lastPlaced !== undefined && lastPlaced !== sessionId && !key.sessions.some(({ id }) => id === lastPlaced)
    const current = made(placement)
    remembered.lastPlaced = sessionId
    remembered.placed = inLast ? current : undefined
    remembered.assembly = key.assembly
    if (inLast) keys.leaveOpen(remembered)
    return isSuperseded ? made({ ...placement, previousId: lastPlaced }) : current
  }

  for (const remembered of from.map((tracked) => strands.add(knownStrand.of(tracked.strand), tracked))) {
    relinkScopes(remembered)
  }

  return {
    place(events) {
      const touchedAt = now()
      const touched = events.map((event) => add(event, touchedAt))
      const placed = events.map((event, index) => place(event, touched[index] as Remembered<Placed>))
      keys.placed()
      for (const remembered of touched) if (remembered.earlier.length > 0) keys.forgetFragments(remembered, rememberNs)
      strands.tidy()
      return placed
    },
    get size() {
      return strands.size
    },
    state: () => strands.state(),
  }
}
