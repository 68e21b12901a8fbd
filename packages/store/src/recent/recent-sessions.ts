import type { Members, SessionKey, SessionRules } from '@mcpcat/sessions'
import { knownStrands, linkedKey, linksOf, membersOf, withMember, withoutMember } from '@mcpcat/sessions'
import type { EventFacts, Facts, StrandFacts } from '../event-facts.js'
import type { FactsInTurn } from '../fact-columns.js'
import type { KeyRange } from '../key-ranges.js'
import type { SessionRows, WrittenSession } from '../session-rows.js'
import type { BatchStrand } from '../batch-strands.js'
import { notedStrands } from '../batch-strands.js'
import { scopesOf } from '../strand-rows.js'
import { isDue } from './due.js'
import { HELD_ALREADY, HeldEvents, NONE_HELD } from './held-events.js'
import { IntentBytes } from './intent-bytes.js'
import type { Intents } from './intents.js'
import { keyQueue } from './key-queue.js'
import type { StrandOfEvents } from '../spoken-of.js'
import type { Left } from './left-to-engine.js'
import { leftToEngine } from './left-to-engine.js'
import type { RecentKey } from './recent-key.js'
import {
  openedKey,
  pausesBy,
  reaches,
  RecentStrand,
  rememberSession,
  secondOf,
  see,
  sessionsOf,
  touchedRange,
} from './recent-key.js'
import { addToRuns, runsOf } from './runs.js'
import type { SeenKeys } from './seen-keys.js'
import { scopeName, stretchOf } from './seen-keys.js'
import { successions } from './successions.js'
import type { RecentChanges } from './told-changes.js'
import { tellChanges } from './told-changes.js'

/**
 * The sessions that events belong to now, in memory: most events continue a session that is known,
 * or open one that nothing in the store is near, and neither has to be asked of the engine.
 *
 * What is held is held whole: all strands of a scope, and of a key all events in a stretch of time
 * beyond whose ends, for as long as a session may pause, the store has nothing of it. Whatever does
 * not fit (an event delivered again, a scope or key that the store knows more of) is let go, and left
 * to the engine.
 */
export interface RecentSessions {
  /**
   * Takes in events that are in the store.
   *
   * @param since when their insert began, in milliseconds by a clock that only goes forward.
   */
  add(facts: Facts, since: number): void
  /**
   * Strands with new events, once.
   *
   * @param now those whose sessions are not due then wait; absent, none does.
   */
  takeStrands(now?: number): BatchStrand[]
  /** What the engine has to look at, once, by project. */
  takeLeft(): Map<string, Left>
  /** Leaves it to the engine again. */
  leaveAgain(project: string, left: Left): void
  /** Strands that are not in the table after all. */
  notTaken(strands: readonly BatchStrand[]): void
  /** The engine has looked at these keys: what was held of them is let go. */
  letGo(project: string, touched: Iterable<KeyRange>): void
  /**
   * Tells how the table `sessions` has to change for the events since the last time, once.
   *
   * @param now sessions that are not due then wait; absent, none does.
   */
  takeChanges(rows: SessionRows, now?: number): RecentChanges[]
  /** Such rows are in the table. */
  written(rows: readonly WrittenSession[]): void
  /** Such rows are perhaps not in the table. */
  notWritten(changes: readonly RecentChanges[]): void
  /** Something is left to the engine. */
  readonly hasLeft: boolean
  /** When the insert of the first event began that waits to be told; undefined where none does. */
  readonly waitsSince: number | undefined
  /** Events that are held. */
  readonly events: number
}

/**
 * @param seen what the store may have something of.
 * @param mostEvents that are held: the keys without events for longest are let go first. Of those whose sessions are not
 * written yet, it may be twice as many.
 */
export function recentSessions(rules: SessionRules, seen: SeenKeys, mostEvents: number): RecentSessions {
  const strands = new Map<string, RecentStrand>()
  const scopes = new Map<string, Members<RecentStrand>>()
  const keys = new Map<string, RecentKey>()
  const queue = keyQueue()
  const pausesOf = pausesBy(rules)
  const changed = new Set<RecentKey>()
  const history = successions()
  const intents = new IntentBytes()
  const heldEvents = new HeldEvents()
  // What the table `strands` does not say yet: of strands that are held, and of others.
  let fresh: RecentStrand[] = []
  const noted = notedStrands()
  const left = leftToEngine()
  let held = 0
  let batch = 0
  let batchSince = 0
  const stretch = stretchOf(rules)
  const strandsKnown = knownStrands(rules)

  function addStrand(facts: Facts, of: StrandFacts): void {
    const { known } = of
    let strand = strands.get(known.id)
    const event = facts.inTurn(of)
    while (event.next()) {
      if (strand?.key.isForgotten) strand = undefined
      strand ??= opened(known, event)
      if (!strand || !holds(strand, event)) leaveEvent(known, event)
    }
  }

  /** Takes an event in; false when that cannot be, and then its key is let go. */
  function holds(strand: RecentStrand, event: FactsInTurn): boolean {
    const { key } = strand
    const isSure = event.fromSecond >= key.sureFrom && event.toSecond <= key.sureTo
    const isFirst = event.about <= heldEvents.earliest(strand.held)
    const after = isSure || reached(key, event.start, event.end) ? heldEvents.add(strand.held, event) : HELD_ALREADY
    if (after === HELD_ALREADY) {
      forgetKey(key)
      return false
    }
    strand.held = after
    held += 1
    strand.runs = addToRuns(strand.runs, strand.strand.scope, strand.ownKey, event, key.pauses, intents)
    touch(key, event.fromSecond, event.toSecond)
    if (!strand.isFresh) {
      strand.isFresh = true
      fresh.push(strand)
    }
    if (isFirst) beginStrand(strand, event)
    return true
  }

  /** An event of a strand that may be its first. */
  function beginStrand(strand: RecentStrand, { start, eventId }: FactsInTurn): void {
    if (start > strand.firstStart || (start === strand.firstStart && eventId >= strand.firstEventId)) return
    strand.firstStart = start
    strand.firstEventId = eventId
    relinkScopes(strand)
  }

  /** Whether all that something between these times can be near is held; if so, the key is known to have been there. */
  function reached(key: RecentKey, start: bigint, end: bigint): boolean {
    if ((start < key.lower || end > key.upper) && !reaches(key, start, end, seen)) return false
    see(key, start, end, seen, stretch)
    return true
  }

  /** The strand of an event that is the first of it; undefined where the store may know more of its scope or key. */
  function opened(known: StrandOfEvents, event: FactsInTurn): RecentStrand | undefined {
    const { strand, id, key: own } = known
    const inScopes = namesOfScopes({ strand })
    const others = inScopes.map((name) => scopes.get(name))
    const isUnknown = (name: string, at: number): boolean => !others[at] && seen.perhapsScope(name)
    if (inScopes.some(isUnknown)) return undefined
    const { start: firstStart, eventId: firstEventId } = event
    const self = { strand, firstStart, firstEventId }
    const siblings = strand.scope === '' ? undefined : others[0]
    const key = siblings ? linkedKey(strand, linksOf([...membersOf(siblings), self]), rules) : own
    const recentKey = keys.get(key.hash) ?? open(strand.project, key, event)
    if (!recentKey) return undefined
    const recent = new RecentStrand(known, recentKey, event)
    strands.set(id, recent)
    recentKey.strands = withMember(recentKey.strands, recent)
    for (const [at, name] of inScopes.entries()) {
      if (!others[at]) seen.addScope(name)
      scopes.set(name, withMember(others[at], recent))
    }
    const isAlone = others.every((members) => members === undefined)
    return isAlone || relinkScopes(recent) ? recent : undefined
  }

  function open(project: string, key: SessionKey, around: { start: bigint; end: bigint }): RecentKey | undefined {
    const recent = openedKey(project, key, around, pausesOf(key), seen, batch)
    if (recent) {
      keys.set(key.hash, recent)
      queue.touched(recent)
    }
    return recent
  }

  /** @param from, to seconds. */
  function touch(key: RecentKey, from: number, to: number): void {
    if (key.batch !== batch) {
      key.batch = batch
      queue.touched(key)
    }
    key.touchedAt = batchSince
    if (key.touchedTo === 0) {
      key.changedSince = batchSince
      changed.add(key)
      key.touchedFrom = from
      key.touchedTo = to
      return
    }
    if (from < key.touchedFrom) key.touchedFrom = from
    if (to > key.touchedTo) key.touchedTo = to
  }

  function touchRange(key: RecentKey, lower: bigint, upper: bigint): void {
    touch(key, secondOf(lower), secondOf(upper) + 1)
  }

  function relinkScopes(strand: RecentStrand): boolean {
    // Mostly it is alone in its scope.
    if (!namesOfScopes(strand).some((name) => scopes.get(name) instanceof Set)) return true
    return scopesOf(strand.strand).every((scope) => relink(strand.strand.project, scope))
  }

  /** Gives the strands of a scope the keys that they have by what is known of it now; false when the scope was let go. */
  function relink(project: string, scope: string): boolean {
    const name = scopeName(project, scope)
    const members = scopes.get(name)
    if (!(members instanceof Set)) return true
    const links = linksOf(members)
    for (const member of members) {
      if (member.strand.scope !== scope) continue
      const key = linkedKey(member.strand, links, rules)
      if (key.hash === member.key.key.hash) continue
      if (!move(member, key)) {
        forgetScope(name)
        return false
      }
    }
    return true
  }

  function move(strand: RecentStrand, key: SessionKey): boolean {
    const before = strand.key
    let after = keys.get(key.hash)
    for (const run of runsOf(strand.runs)) {
      touchRange(before, run.start, run.end)
      after ??= open(before.project, key, run)
      if (!after || !reaches(after, run.start, run.end, seen)) return false
    }
    after ??= open(before.project, key, { start: strand.firstStart, end: strand.lastEnd })
    if (!after) return false
    for (const run of runsOf(strand.runs)) {
      see(after, run.start, run.end, seen, stretch)
      touchRange(after, run.start, run.end)
    }
    before.isMixed = true
    after.isMixed = true
    before.strands = withoutMember(before.strands, strand)
    after.strands = withMember(after.strands, strand)
    strand.key = after
    return true
  }

  /** Leaves an event's strand, and all that is in its scopes, to the engine. */
  function leaveEvent({ strand, id, key }: StrandOfEvents, { start, end, eventId }: EventFacts): void {
    noted.note(id, { strand, ownKey: key.hash, firstStart: start, firstEventId: eventId, lastEnd: end })
    for (const scope of scopesOf(strand)) {
      const name = scopeName(strand.project, scope)
      forgetScope(name)
      seen.addScope(name)
    }
    leaveNoted(id)
  }

  /** Whatever the table `strands` does not say of a strand, the engine has to look at. */
  function leaveNoted(id: string): void {
    const strand = noted.get(id)
    if (strand) left.leaveStrand(id, strand)
  }

  function forgetScope(name: string): void {
    const members = scopes.get(name)
    scopes.delete(name)
    for (const member of membersOf(members)) forgetKey(member.key)
  }

  function forgetKey(key: RecentKey): void {
    if (key.isForgotten) return
    key.isForgotten = true
    queue.remove(key)
    keys.delete(key.key.hash)
    changed.delete(key)
    if (key.touchedTo > 0) {
      const { lower, upper } = touchedRange(key)
      left.leaveRange(key.project, key.key, lower, upper)
    }
    for (const { session_id } of sessionsOf(key)) history.forget(session_id)
    for (const strand of membersOf(key.strands)) {
      strands.delete(strand.id)
      held -= heldEvents.size(strand.held)
      heldEvents.drop(strand.held)
      strand.held = NONE_HELD
      if (strand.isFresh) noted.note(strand.id, strand)
      strand.isFresh = false
      leaveNoted(strand.id)
      for (const name of namesOfScopes(strand)) forgetScope(name)
    }
  }

  function makeRoom(): void {
    while (held > mostEvents) {
      const { first } = queue
      if (!first) return
      // What is not written yet the engine would have to look at, which takes longer than writing it.
      if (first.touchedTo > 0 && held <= mostEvents * MOST_TIMES) return
      forgetKey(first)
    }
  }

  function* heldIntents(): Iterable<Intents> {
    for (const strand of strands.values()) {
      for (const { intentsSaid } of runsOf(strand.runs)) if (intentsSaid) yield intentsSaid
    }
  }

  return {
    add(facts, since) {
      batch += 1
      // As an integer it is no object of its own in each key.
      batchSince = Math.floor(since)
      intents.reserve(facts.count, facts.intents.length, heldIntents)
      for (const of of facts.strands()) addStrand(facts, of)
      makeRoom()
    },
    takeStrands(now = Infinity) {
      const taken = noted.take()
      const waiting: RecentStrand[] = []
      for (const strand of fresh) {
        if (!strand.isFresh) continue
        if (!isDue(strand.key, now)) {
          waiting.push(strand)
          continue
        }
        strand.isFresh = false
        taken.push(strand)
      }
      fresh = waiting
      return taken
    },
    takeLeft: () => left.take(),
    notTaken(again) {
      for (const strand of again) noted.note(strandsKnown.of(strand.strand).id, strand)
    },
    leaveAgain(project, { strands: again, ranges }) {
      for (const strand of again) {
        const { id } = strandsKnown.of(strand.strand)
        if (!left.has(project, id)) left.leaveStrand(id, strand)
      }
      for (const { key, lower, upper } of ranges) left.leaveRange(project, key, lower, upper)
    },
    letGo(project, touched) {
      for (const { key, lower, upper } of touched) {
        seen.addKey(key, lower, upper)
        const recent = keys.get(key.hash)
        if (recent?.project === project) forgetKey(recent)
      }
    },
    takeChanges(rows, now = Infinity) {
      const projects = new Set(Array.from(changed, ({ project }) => project))
      const known = { keys, scopes, changed, history, touchRange, forgetKey }
      return Array.from(projects, (project) => tellChanges(project, known, rules, rows, now))
    },
    written(rows) {
      for (const { known, supersededBy } of rows) {
        const key = keys.get(known.key)
        if (!key) continue
        rememberSession(key, known)
        history.record(known, supersededBy)
      }
    },
    notWritten(changes) {
      for (const { touched, project } of changes) {
        for (const { key, ...range } of touched) {
          const { lower, upper } = touchedRange(range)
          left.leaveRange(project, key, lower, upper)
          const recent = keys.get(key.hash)
          if (recent) forgetKey(recent)
        }
      }
    },
    get waitsSince() {
      // The first of them was changed first.
      const [first] = changed
      return first?.changedSince
    },
    get hasLeft() {
      return left.some
    },
    get events() {
      return held
    },
  }
}

/** Of which a strand tells whose they are. */
function namesOfScopes({ strand }: Pick<RecentStrand, 'strand'>): string[] {
  return scopesOf(strand).map((scope) => scopeName(strand.project, scope))
}

const MOST_TIMES = 2
