import type { SessionKey, SessionRules, Strand } from '@mcpcat/sessions'
import { fragmentGap, knownStrands, linkedKey, linksOf } from '@mcpcat/sessions'
import type { SessionRow } from '../changed-rows.js'
import { changedRows } from '../changed-rows.js'
import type { KeyIslands, Member } from '../key-islands.js'
import { cutIntoIslands, endOf, islandLimit, startOf } from '../key-islands.js'
import type { KeyRange, Touched } from '../key-ranges.js'
import { widen } from '../key-ranges.js'
import type { CountedFragment, KnownSession } from '../session-rows.js'
import type { BatchStrand } from '../strand-rows.js'
import { scopesOf } from '../strand-rows.js'
import type { CountedEvents, EventFacts } from './counted-events.js'
import { countedFragmentOf } from './counted-events.js'
import { addToRuns, joined } from './runs.js'
import type { SeenKeys } from './seen-keys.js'
import { scopeName, stretchOf } from './seen-keys.js'

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
  /** Takes in events that are in the store. */
  add(events: readonly EventFacts[]): void
  /** Strands with new events, once. */
  takeStrands(): BatchStrand[]
  /** What the engine has to look at, once, by project. */
  takeLeft(): Map<string, Left>
  /** Leaves it to the engine again. */
  leaveAgain(project: string, left: Left): void
  /** Strands that are not in the table after all. */
  notTaken(strands: readonly BatchStrand[]): void
  /** The engine has looked at these keys: what was held of them is let go. */
  letGo(project: string, touched: Iterable<KeyRange>): void
  /** How the table `sessions` has to change for the events since the last time, once. */
  takeChanges(): RecentChanges[]
  /** Such rows are in the table. */
  written(rows: readonly SessionRow[]): void
  /** Such rows are perhaps not in the table. */
  notWritten(changes: RecentChanges): void
  /** Something is left to the engine. */
  readonly hasLeft: boolean
  /** Events that are held. */
  readonly events: number
}

/** Of one project. */
export interface Left {
  readonly strands: readonly BatchStrand[]
  readonly ranges: readonly KeyRange[]
}

export interface RecentChanges {
  readonly project: string
  readonly touched: readonly KeyRange[]
  readonly rows: readonly SessionRow[]
}

interface RecentStrand {
  readonly strand: Strand
  readonly ownKey: string
  readonly id: string
  key: RecentKey
  /** In order of start, further apart than the gap. */
  runs: CountedEvents[]
  readonly eventIds: Set<string>
  firstStart: bigint
  firstEventId: string
  lastEnd: bigint
}

interface RecentKey {
  readonly project: string
  readonly key: SessionKey
  readonly limit: bigint
  /** Between these times all of the key's events are held. */
  lower: bigint
  upper: bigint
  readonly strands: Set<RecentStrand>
  /** Rows of sessions that have or had this key. */
  readonly sessions: Map<string, KnownSession>
  touched: { lower: bigint; upper: bigint } | undefined
  /** Stretches of time of which it is known that the key was seen. */
  seen: { lower: bigint; upper: bigint }
  /** When it was touched last, by a count of batches. */
  batch: number
}

/**
 * @param seen what the store may have something of.
 * @param mostEvents that are held: the keys without events for longest are let go first.
 */
export function recentSessions(rules: SessionRules, seen: SeenKeys, mostEvents: number): RecentSessions {
  const strands = new Map<string, RecentStrand>()
  const scopes = new Map<string, Set<RecentStrand>>()
  // In order of the last batch that touched them: the first is the next to be let go.
  const keys = new Map<string, RecentKey>()
  const changed = new Set<RecentKey>()
  // Rows by the session that superseded them.
  const superseded = new Map<string, Map<string, KnownSession>>()
  const successors = new Map<string, string>()
  let fresh = new Map<string, BatchStrand>()
  let left = new Map<string, { strands: Map<string, BatchStrand>; ranges: Touched }>()
  let held = 0
  let batch = 0
  const stretch = stretchOf(rules)
  const strandsKnown = knownStrands(rules)
  const gapOf = ({ key }: RecentKey): bigint => fragmentGap(rules, key.rung)

  function add(event: EventFacts): void {
    note(event)
    const strand = strands.get(event.known.id) ?? opened(event)
    if (!strand) return leaveEvent(event)
    if (strand.eventIds.has(event.eventId) || !reaches(strand.key, event.start, event.end)) {
      forgetKey(strand.key)
      return leaveEvent(event)
    }
    strand.eventIds.add(event.eventId)
    held += 1
    see(strand.key, event.start, event.end)
    strand.runs = addToRuns(strand.runs, event, gapOf(strand.key)) ?? strand.runs
    touch(strand.key, event.start, event.end)
    if (event.end > strand.lastEnd) strand.lastEnd = event.end
    if (event.start < strand.firstStart || (event.start === strand.firstStart && event.eventId < strand.firstEventId)) {
      strand.firstStart = event.start
      strand.firstEventId = event.eventId
      relinkScopes(strand)
    }
  }

  function see(key: RecentKey, start: bigint, end: bigint): void {
    if (start >= key.seen.lower && end <= key.seen.upper) return
    seen.addKey(key.key, start, end)
    key.seen = { lower: start - (start % stretch), upper: end - (end % stretch) + stretch - 1n }
  }

  /** What the table `strands` does not say yet. */
  function note({ known, ownKey, start, end, eventId }: Omit<EventFacts, 'columns'>): void {
    const noted = fresh.get(known.id)
    if (!noted) {
      fresh.set(known.id, { strand: known.strand, ownKey, firstStart: start, firstEventId: eventId, lastEnd: end })
      return
    }
    if (end > noted.lastEnd) noted.lastEnd = end
    if (start < noted.firstStart || (start === noted.firstStart && eventId < noted.firstEventId)) {
      noted.firstStart = start
      noted.firstEventId = eventId
    }
  }

  /** The strand of an event that is the first of it; undefined where the store may know more of its scope or key. */
  function opened(event: EventFacts): RecentStrand | undefined {
    const { strand, id, key: own } = event.known
    const inScopes = scopesOf(strand).map((scope) => scopeName(strand.project, scope))
    for (const name of inScopes) if (!scopes.has(name) && seen.perhapsScope(name)) return undefined
    const self = { strand, firstStart: event.start, firstEventId: event.eventId }
    const siblings = strand.scope === '' ? undefined : scopes.get(scopeName(strand.project, strand.scope))
    const key = siblings ? linkedKey(strand, linksOf([...siblings, self]), rules) : own
    const recentKey = keys.get(key.hash) ?? openedKey(strand.project, key, event)
    if (!recentKey) return undefined
    const recent: RecentStrand = {
      ...self,
      ownKey: event.ownKey,
      id,
      key: recentKey,
      runs: [],
      eventIds: new Set(),
      lastEnd: event.end,
    }
    strands.set(id, recent)
    recentKey.strands.add(recent)
    for (const name of inScopes) {
      seen.addScope(name)
      const members = scopes.get(name)
      if (members) members.add(recent)
      else scopes.set(name, new Set([recent]))
    }
    if (!relinkScopes(recent)) return undefined
    return recent
  }

  function openedKey(
    project: string,
    key: SessionKey,
    { start, end }: { start: bigint; end: bigint },
  ): RecentKey | undefined {
    const limit = islandLimit(rules, key)
    const lower = start - limit
    const upper = end + limit
    if (seen.perhapsKey(key, lower, upper)) return undefined
    const recent: RecentKey = {
      project,
      key,
      limit,
      lower,
      upper,
      strands: new Set(),
      sessions: new Map(),
      touched: undefined,
      seen: { lower: 1n, upper: 0n },
      batch,
    }
    keys.set(key.hash, recent)
    return recent
  }

  /** Whether all that an event between these times can be near is held; looks further, where it is not yet. */
  function reaches(key: RecentKey, start: bigint, end: bigint): boolean {
    const lower = start - key.limit
    const upper = end + key.limit
    // What is held lies a limit away from the ends, and so is not taken for something unknown.
    if (lower < key.lower) {
      if (seen.perhapsKey(key.key, lower, key.lower)) return false
      key.lower = lower
    }
    if (upper > key.upper) {
      if (seen.perhapsKey(key.key, key.upper, upper)) return false
      key.upper = upper
    }
    return true
  }

  function touch(key: RecentKey, lower: bigint, upper: bigint): void {
    changed.add(key)
    if (!key.touched) key.touched = { lower, upper }
    else {
      if (lower < key.touched.lower) key.touched.lower = lower
      if (upper > key.touched.upper) key.touched.upper = upper
    }
    if (key.batch !== batch) {
      key.batch = batch
      keys.delete(key.key.hash)
      keys.set(key.key.hash, key)
    }
  }

  function relinkScopes(strand: RecentStrand): boolean {
    return scopesOf(strand.strand).every((scope) => relink(strand.strand.project, scope))
  }

  /** Gives the strands of a scope the keys that they have by what is known of it now; false when the scope was let go. */
  function relink(project: string, scope: string): boolean {
    const members = scopes.get(scopeName(project, scope)) ?? new Set()
    if (members.size < 2) return true
    const links = linksOf(members)
    for (const member of members) {
      if (member.strand.scope !== scope) continue
      const key = linkedKey(member.strand, links, rules)
      if (key.hash === member.key.key.hash) continue
      if (!move(member, key)) {
        forgetScope(project, scope)
        return false
      }
    }
    return true
  }

  function move(strand: RecentStrand, key: SessionKey): boolean {
    const before = strand.key
    let after = keys.get(key.hash)
    for (const run of strand.runs) {
      touch(before, run.start, run.end)
      after ??= openedKey(before.project, key, run)
      if (!after || !reaches(after, run.start, run.end)) return false
    }
    after ??= openedKey(before.project, key, { start: strand.firstStart, end: strand.lastEnd })
    if (!after) return false
    for (const run of strand.runs) {
      see(after, run.start, run.end)
      touch(after, run.start, run.end)
    }
    before.strands.delete(strand)
    after.strands.add(strand)
    strand.key = after
    return true
  }

  /** Leaves an event's strand, and all that is in its scopes, to the engine. */
  function leaveEvent({ known: { strand, id }, ownKey, start, end, eventId }: EventFacts): void {
    for (const scope of scopesOf(strand)) {
      forgetScope(strand.project, scope)
      seen.addScope(scopeName(strand.project, scope))
    }
    const noted = fresh.get(id)
    leaveStrand(id, noted ?? { strand, ownKey, firstStart: start, firstEventId: eventId, lastEnd: end })
  }

  function leaveStrand(id: string, strand: BatchStrand): void {
    leftOf(strand.strand.project).strands.set(id, { ...strand })
  }

  function leftOf(project: string): { strands: Map<string, BatchStrand>; ranges: Touched } {
    let ofProject = left.get(project)
    if (!ofProject) left.set(project, (ofProject = { strands: new Map(), ranges: new Map() }))
    return ofProject
  }

  function forgetScope(project: string, scope: string): void {
    const name = scopeName(project, scope)
    const members = scopes.get(name)
    scopes.delete(name)
    for (const member of members ?? []) forgetKey(member.key)
  }

  function forgetKey(key: RecentKey): void {
    if (keys.get(key.key.hash) !== key) return
    keys.delete(key.key.hash)
    changed.delete(key)
    if (key.touched) widen(leftOf(key.project).ranges, key.key, key.touched.lower, key.touched.upper)
    for (const id of key.sessions.keys()) {
      superseded.delete(id)
      const successor = successors.get(id)
      if (successor === undefined) continue
      successors.delete(id)
      superseded.get(successor)?.delete(id)
    }
    for (const strand of key.strands) {
      strands.delete(strand.id)
      held -= strand.eventIds.size
      const noted = fresh.get(strand.id)
      if (noted) leaveStrand(strand.id, noted)
      for (const scope of scopesOf(strand.strand)) forgetScope(strand.strand.project, scope)
    }
  }

  function islandsOf(key: RecentKey, lower: bigint, upper: bigint): KeyIslands {
    const islands = cutIntoIslands(fragmentsOf(key), key.limit).filter(
      (island) => startOf(island) <= upper + key.limit && endOf(island) >= lower - key.limit,
    )
    return {
      key: key.key,
      lower: islands.reduce((least, island) => (startOf(island) < least ? startOf(island) : least), lower),
      upper: islands.reduce((most, island) => (endOf(island) > most ? endOf(island) : most), upper),
      islands,
    }
  }

  /** The rows of a key's sessions that start within its islands, and of all that those superseded. */
  function addKnown(key: RecentKey, { lower, upper }: KeyIslands, known: Map<string, KnownSession>): void {
    const pending = [...key.sessions.values()].filter(({ start_ns: start }) => {
      const at = BigInt(start)
      return lower <= at && at <= upper
    })
    for (let row = pending.pop(); row; row = pending.pop()) {
      if (known.has(row.session_id)) continue
      known.set(row.session_id, row)
      for (const earlier of superseded.get(row.session_id)?.values() ?? []) pending.push(earlier)
    }
  }

  function takeChangesOf(project: string): RecentChanges {
    const looked = new Map<RecentKey, { lower: bigint; upper: bigint }>()
    for (const key of changed) {
      if (key.project !== project) continue
      looked.set(key, key.touched as { lower: bigint; upper: bigint })
    }
    for (;;) {
      const islands: KeyIslands[] = []
      const known = new Map<string, KnownSession>()
      const members: Member[] = []
      for (const [key, { lower, upper }] of looked) {
        const ofKey = islandsOf(key, lower, upper)
        islands.push(ofKey)
        addKnown(key, ofKey, known)
        members.push({ ownKey: key.key.hash, scope: '', key: key.key, span: undefined })
        for (const { ownKey, strand } of key.strands) {
          if (strand.scope !== '') members.push({ ownKey, scope: strand.scope, key: key.key, span: undefined })
        }
      }
      const { rows, moved } = changedRows(project, islands, [...known.values()], members, rules)
      let again = false
      for (const row of moved) {
        const now = [...(scopes.get(scopeName(project, row.first_scope)) ?? [])].find(
          ({ ownKey, strand }) => ownKey === row.first_own_key && strand.scope === row.first_scope,
        )
        const start = BigInt(row.start_ns)
        if (now && !looked.has(now.key)) {
          looked.set(now.key, { lower: start, upper: start })
          again = true
        } else if (!now) {
          // Where its events are now, the store alone knows.
          const key = keys.get(row.key)
          if (key) {
            touch(key, start, start)
            forgetKey(key)
            looked.delete(key)
            again = true
          }
        }
      }
      if (again) {
        for (const key of looked.keys()) if (keys.get(key.key.hash) !== key) looked.delete(key)
        continue
      }
      for (const key of looked.keys()) {
        key.touched = undefined
        changed.delete(key)
      }
      return { project, touched: Array.from(looked, ([{ key }, range]) => ({ key, ...range })), rows }
    }
  }

  return {
    add(events) {
      batch += 1
      for (const event of events) add(event)
      for (const key of keys.values()) {
        if (held <= mostEvents) break
        forgetKey(key)
      }
    },
    takeStrands() {
      const taken = [...fresh.values()]
      fresh = new Map()
      return taken
    },
    takeLeft() {
      const taken = new Map<string, Left>()
      for (const [project, { strands: ofProject, ranges }] of left) {
        taken.set(project, { strands: [...ofProject.values()], ranges: [...ranges.values()] })
      }
      left = new Map()
      return taken
    },
    notTaken(again) {
      for (const { strand, ownKey, firstStart, firstEventId, lastEnd } of again) {
        const known = strandsKnown.of(strand)
        note({ known, ownKey, start: firstStart, end: lastEnd, eventId: firstEventId })
      }
    },
    leaveAgain(project, { strands: again, ranges }) {
      const ofProject = leftOf(project)
      for (const strand of again) {
        const { id } = strandsKnown.of(strand.strand)
        if (!ofProject.strands.has(id)) ofProject.strands.set(id, strand)
      }
      for (const { key, lower, upper } of ranges) widen(ofProject.ranges, key, lower, upper)
    },
    letGo(project, touched) {
      for (const { key, lower, upper } of touched) {
        seen.addKey(key, lower, upper)
        const recent = keys.get(key.hash)
        if (recent?.project === project) forgetKey(recent)
      }
    },
    takeChanges() {
      const projects = new Set(Array.from(changed, ({ project }) => project))
      return Array.from(projects, takeChangesOf)
    },
    written(rows) {
      for (const { known } of rows) {
        const key = keys.get(known.key)
        if (!key) continue
        key.sessions.set(known.session_id, known)
        const before = successors.get(known.session_id)
        if (before !== undefined) superseded.get(before)?.delete(known.session_id)
        successors.delete(known.session_id)
        if (known.superseded_by === '') continue
        successors.set(known.session_id, known.superseded_by)
        const earlier = superseded.get(known.superseded_by)
        if (earlier) earlier.set(known.session_id, known)
        else superseded.set(known.superseded_by, new Map([[known.session_id, known]]))
      }
    },
    notWritten({ touched, project }) {
      const ofProject = leftOf(project)
      for (const { key, lower, upper } of touched) {
        widen(ofProject.ranges, key, lower, upper)
        const recent = keys.get(key.hash)
        if (recent) forgetKey(recent)
      }
    },
    get hasLeft() {
      return left.size > 0
    },
    get events() {
      return held
    },
  }

  /** A key's fragments in order: the runs of its strands, joined where they are of one scope. */
  function fragmentsOf(key: RecentKey): CountedFragment[] {
    const gap = gapOf(key)
    const byScope = new Map<string, CountedEvents[]>()
    for (const { strand, runs } of key.strands) {
      const known = byScope.get(strand.scope)
      byScope.set(strand.scope, known ? [...known, ...runs] : runs)
    }
    const fragments: CountedFragment[] = []
    for (const [scope, runs] of byScope) {
      for (const run of joined(runs, gap)) fragments.push(countedFragmentOf(key.key.hash, scope, run))
    }
    return fragments.toSorted((a, b) =>
      a.start !== b.start ? (a.start < b.start ? -1 : 1) : a.firstEventId < b.firstEventId ? -1 : 1,
    )
  }
}
