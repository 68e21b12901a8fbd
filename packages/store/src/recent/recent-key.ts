import type { Members, SessionKey, SessionRules, Strand } from '@mcpcat/sessions'
import { compareStarts, fragmentGap, membersOf } from '@mcpcat/sessions'
import type { BatchStrand } from '../batch-strands.js'
import type { FactsInTurn } from '../fact-columns.js'
import { ofHalves } from '../halves.js'
import type { KeyIslands } from '../key-islands.js'
import { cutIntoIslands, endOf, islandLimit, startOf } from '../key-islands.js'
import type { CountedFragment } from '../counted-fragment.js'
import type { KnownSession } from '../known-session.js'
import type { StrandOfEvents } from '../spoken-of.js'
import { clamped } from '../timestamps.js'
import type { CountedEvents } from './counted-events.js'
import type { Waiting } from './due.js'
import { NONE_HELD } from './held-events.js'
import type { Runs } from './runs.js'
import { joined, runsOf } from './runs.js'
import type { Range, SeenKeys } from './seen-keys.js'
import { EVER } from './seen-keys.js'

/** A strand of which all events are held that its key holds. */
export class RecentStrand implements BatchStrand {
  readonly id: string
  readonly strand: Strand
  readonly ownKey: string
  key: RecentKey
  firstStart: bigint
  firstEventId: string
  runs: Runs = NO_RUNS
  /** Which of its events are held, see {@link HeldEvents}. */
  held: number = NONE_HELD
  /** The table `strands` does not say all of it yet. */
  isFresh = false
  readonly #firstEndHigh: number
  readonly #firstEndLow: number

  /** @param first event of it, which its runs do not have yet. */
  constructor({ id, strand, key: { hash } }: StrandOfEvents, key: RecentKey, first: FactsInTurn) {
    this.id = id
    this.strand = strand
    this.ownKey = hash
    this.key = key
    this.firstStart = first.start
    this.firstEventId = first.eventId
    this.#firstEndHigh = first.endHigh
    this.#firstEndLow = first.endLow
  }

  get lastEnd(): bigint {
    let last = ofHalves(this.#firstEndHigh, this.#firstEndLow)
    for (const { end } of runsOf(this.runs)) if (end > last) last = end
    return last
  }
}

const NO_RUNS: readonly CountedEvents[] = []

/** Rows of sessions that a key has or had. */
export function sessionsOf({ sessions }: RecentKey): Iterable<KnownSession> {
  if (sessions === undefined) return []
  return sessions instanceof Map ? sessions.values() : [sessions]
}

/** Remembers the row of a session, in place of what was known of it. */
export function rememberSession(key: RecentKey, known: KnownSession): void {
  const { sessions } = key
  if (sessions instanceof Map) sessions.set(known.session_id, known)
  else if (sessions === undefined || sessions.session_id === known.session_id) key.sessions = known
  else key.sessions = new Map([sessions, known].map((each) => [each.session_id, each]))
}

/** How long, in nanoseconds, events of a key may be apart: the same object for all keys of a rung. */
export interface Pauses {
  /** In a fragment. */
  readonly gap: bigint
  /** Likewise, as far as doubles tell that surely. */
  readonly sureGap: number
  /** In a session. */
  readonly limit: bigint
  /** Of a key that has nothing else at any time, all that is this limit away from the ends of time. */
  readonly ever: Range
}

/** A key of which all events are held that lie in a stretch of time. */
export interface RecentKey extends Waiting {
  readonly project: string
  readonly key: SessionKey
  readonly pauses: Pauses
  /** All of the key's events are held that lie between these times, or within a limit of them. */
  lower: bigint
  upper: bigint
  strands: Members<RecentStrand> | undefined
  /** Rows of sessions that have or had this key: mostly one, which needs no map. */
  sessions: KnownSession | Map<string, KnownSession> | undefined
  /** Seconds between which something happened since its sessions were written; the second one is 0 when nothing did. */
  touchedFrom: number
  touchedTo: number
  changedSince: number
  touchedAt: number
  /** Seconds between which it is known that the key was seen. */
  seenFrom: number
  seenTo: number
  /** Seconds between which all events are held, and the key was seen: mostly nothing else has to be asked. */
  sureFrom: number
  sureTo: number
  /** A strand came or went since its sessions were written. */
  isMixed: boolean
  /** When it was touched last, by a count of batches. */
  batch: number
  /** Keys beside it in that order. */
  before: RecentKey | undefined
  after: RecentKey | undefined
  isForgotten: boolean
}

/** Nanoseconds: more than differences of doubles are off by, as far as the engine's times go. */
const INEXACT = 10_000

/** How long events may be apart by these rules: asked for each key, and the same for all keys of a rung. */
export function pausesBy(rules: SessionRules): (key: SessionKey) => Pauses {
  const ofRungs = new Map<string, Pauses>()
  return (key) => {
    let known = ofRungs.get(key.rung)
    if (!known) {
      const gap = fragmentGap(rules, key.rung)
      const limit = islandLimit(rules, key)
      known = { gap, sureGap: Number(gap) - INEXACT, limit, ever: narrowed(EVER, limit) }
      ofRungs.set(key.rung, known)
    }
    return known
  }
}

/** Without what is this near to its ends. */
function narrowed({ lower, upper }: Range, limit: bigint): Range {
  return { lower: lower + limit, upper: upper - limit }
}

/** The key, when the store has nothing that an event between these times can be near to. */
export function openedKey(
  project: string,
  key: SessionKey,
  { start, end }: { start: bigint; end: bigint },
  pauses: Pauses,
  seen: SeenKeys,
  batch: number,
): RecentKey | undefined {
  const { limit, ever } = pauses
  const around = seen.unseenAround(key, start - limit, end + limit)
  // Most keys share it.
  const range = around === EVER ? ever : around && narrowed(around, limit)
  return (
    range && {
      project,
      key,
      pauses,
      lower: range.lower,
      upper: range.upper,
      strands: undefined,
      sessions: undefined,
      touchedFrom: 0,
      touchedTo: 0,
      changedSince: 0,
      touchedAt: 0,
      seenFrom: 0,
      seenTo: 0,
      sureFrom: 0,
      sureTo: 0,
      isMixed: false,
      batch,
      before: undefined,
      after: undefined,
      isForgotten: false,
    }
  )
}

/** Whether all that an event between these times can be near is held; looks further, where it is not yet. */
export function reaches(key: RecentKey, start: bigint, end: bigint, seen: SeenKeys): boolean {
  const { limit } = key.pauses
  // What is held lies a limit away from what is looked at, and so is not taken for something unknown.
  if (start < key.lower) {
    const below = seen.unseenAround(key.key, start - limit, key.lower - limit - 1n)
    if (!below) return false
    key.lower = below.lower + limit
  }
  if (end > key.upper) {
    const above = seen.unseenAround(key.key, key.upper + limit + 1n, end + limit)
    if (!above) return false
    key.upper = above.upper - limit
  }
  return true
}

/** Makes known that the key has events between these times. */
export function see(key: RecentKey, start: bigint, end: bigint, seen: SeenKeys, stretch: bigint): void {
  if (Number(start / SECOND) < key.seenFrom || Number(end / SECOND) >= key.seenTo) {
    seen.addKey(key.key, start, end)
    key.seenFrom = Number((start - (start % stretch)) / SECOND) + 1
    key.seenTo = Number((end - (end % stretch) + stretch - 1n) / SECOND)
  }
  key.sureFrom = Math.max(key.seenFrom, Number(key.lower / SECOND) + 1)
  key.sureTo = Math.min(key.seenTo, Number(key.upper / SECOND))
}

/** Where something happened since the key's sessions were written, in nanoseconds. */
export function touchedRange({ touchedFrom, touchedTo }: Pick<RecentKey, 'touchedFrom' | 'touchedTo'>): Range {
  return { lower: BigInt(touchedFrom) * SECOND, upper: clamped(BigInt(touchedTo) * SECOND - 1n) }
}

/** In which a moment lies. */
export function secondOf(nanoseconds: bigint): number {
  return Number(nanoseconds / SECOND)
}

const SECOND = 1_000_000_000n

/** The key's islands that something between two times can be part of. */
export function islandsAround(key: RecentKey, lower: bigint, upper: bigint): KeyIslands {
  const islands = cutIntoIslands(fragmentsOf(key), key.pauses.limit).filter(
    (island) => startOf(island) <= upper + key.pauses.limit && endOf(island) >= lower - key.pauses.limit,
  )
  return {
    key: key.key,
    lower: islands.reduce((least, island) => (startOf(island) < least ? startOf(island) : least), lower),
    upper: islands.reduce((most, island) => (endOf(island) > most ? endOf(island) : most), upper),
    islands,
  }
}

/** A key's fragments in order: the runs of its strands, joined where they are of one scope. */
function fragmentsOf(key: RecentKey): readonly CountedFragment[] {
  const { strands } = key
  // Mostly it is one, whose runs are in order.
  if (strands !== undefined && !(strands instanceof Set)) return runsOf(strands.runs)
  const byScope = new Map<string, CountedEvents[]>()
  for (const { strand, runs } of membersOf(strands)) {
    const known = byScope.get(strand.scope)
    if (known) known.push(...runsOf(runs))
    else byScope.set(strand.scope, [...runsOf(runs)])
  }
  const fragments: CountedFragment[] = []
  for (const runs of byScope.values()) fragments.push(...joined(runs, key.pauses.gap))
  return fragments.toSorted(compareStarts)
}
