import type { SessionKey, Strand } from '@mcpcat/sessions'
import { compareStarts } from '@mcpcat/sessions'
import type { KeyIslands } from '../key-islands.js'
import { cutIntoIslands, endOf, startOf } from '../key-islands.js'
import type { CountedFragment, KnownSession } from '../session-rows.js'
import type { CountedEvents } from './counted-events.js'
import { countedFragmentOf } from './counted-events.js'
import { joined } from './runs.js'
import type { SeenKeys } from './seen-keys.js'

/** A strand of which all events are held that its key holds. */
export interface RecentStrand {
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

/** A key of which all events are held that lie in a stretch of time. */
export interface RecentKey {
  readonly project: string
  readonly key: SessionKey
  /** Nanoseconds without an event after which no session goes on. */
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

/** Whether all that an event between these times can be near is held; looks further, where it is not yet. */
export function reaches(key: RecentKey, start: bigint, end: bigint, seen: SeenKeys): boolean {
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

/** The key's islands that something between two times can be part of. */
export function islandsAround(key: RecentKey, gap: bigint, lower: bigint, upper: bigint): KeyIslands {
  const islands = cutIntoIslands(fragmentsOf(key, gap), key.limit).filter(
    (island) => startOf(island) <= upper + key.limit && endOf(island) >= lower - key.limit,
  )
  return {
    key: key.key,
    lower: islands.reduce((least, island) => (startOf(island) < least ? startOf(island) : least), lower),
    upper: islands.reduce((most, island) => (endOf(island) > most ? endOf(island) : most), upper),
    islands,
  }
}

/** A key's fragments in order: the runs of its strands, joined where they are of one scope. */
function fragmentsOf(key: RecentKey, gap: bigint): CountedFragment[] {
  const byScope = new Map<string, CountedEvents[]>()
  for (const { strand, runs } of key.strands) {
    const known = byScope.get(strand.scope)
    byScope.set(strand.scope, known ? [...known, ...runs] : runs)
  }
  const fragments: CountedFragment[] = []
  for (const [scope, runs] of byScope) {
    for (const run of joined(runs, gap)) fragments.push(countedFragmentOf(scope, run))
  }
  return fragments.toSorted(compareStarts)
}
