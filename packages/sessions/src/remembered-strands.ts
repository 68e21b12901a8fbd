import type { Strand } from './evidence.js'
import type { Fragment } from './fragments.js'
import type { SessionKey } from './key.js'
import { KnownStrand } from './known-strand.js'
import { membersOf } from './members.js'
import type { StrandState } from './packed-strand.js'
import { namesIn, packed, unpacked } from './packed-strand.js'
import { hashOfKey, hashOfScope, RestingStrands } from './resting-strands.js'
import type { SessionRules } from './rules.js'
import type { ScopeMembers } from './scope-members.js'
import { scopeMembers, scopesOf } from './scope-members.js'
import { StrandTable } from './strand-table.js'
import type { KeyMember, TrackedKeys } from './tracked-keys.js'
import { lastAndEarlier, trackedKeys } from './tracked-keys.js'

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
  /**
   * Strands beyond the so many that were used last are packed, if they were not used for {@link restAfterMs}, until they
   * are used again: they take a quarter of the memory then. Default 16,384.
   */
  readonly maxAwake?: number
  /** In milliseconds. Packing a strand and making it again takes some 25 µs, so it is not done to one that is busy. Default 4 s. */
  readonly restAfterMs?: number
}

const MOST_AWAKE = 16_384
const REST_AFTER_MS = 4000
/** Strands that share keys and scopes are packed together, unless they are more. */
const MOST_TOGETHER = 16

export interface Remembered<Placed> extends KeyMember<Remembered<Placed>> {
  /** Who remembers this, until it is forgotten: what a strand is marked with may be another tracker's. */
  tracker: object | undefined
  row: number
  /** Where events of its last fragment belong, while the sessions of its key are those of this number. */
  placed: Placed | undefined
  assembly: number
  known: KnownStrand
  firstStart: bigint
  firstEventId: string
  lastPlaced: string | undefined
  /** The user and the client of its key: its own, or what its scope lends it. */
  user: string
  client: string
  /** When it came to its key, and to its scopes, among all strands. */
  ofKeySince: number
  ofScopesSince: number
}

/** A strand that rests is a text, see {@link packed}. Whatever shares a key or a scope with it rests, too. */
type Tracked<Placed> = Remembered<Placed> | string

/**
 * The strands that a tracker remembers. Those that were not used for long rest: each is a text, from which it is made
 * again when an event has its key, or one of its scopes.
 */
export interface RememberedStrands<Placed> {
  /** Rows, of all strands. */
  readonly table: Pick<StrandTable<unknown>, 'use' | 'prolong' | 'isOpenAt'>
  /** Of strands that do not rest; what shares one with a strand that does not rest does not, either. */
  readonly keys: TrackedKeys<Remembered<Placed>>
  readonly scopes: Pick<ScopeMembers<Remembered<Placed>>, 'of'>
  /** Rests no more; undefined where it is not remembered. */
  of(known: KnownStrand): Remembered<Placed> | undefined
  /** One that is not remembered. Its key is its own. */
  add(known: KnownStrand, state: Omit<TrackedStrand, 'strand'>): Remembered<Placed>
  /** Gives a strand another key. */
  move(remembered: Remembered<Placed>, key: SessionKey): void
  /** Forgets what is too old or too much, and lays to rest what was not used. */
  tidy(): void
  readonly size: number
  /** In the order of their last use. */
  state(): TrackedStrand[]
}

/** @param now milliseconds since the epoch. */
export function rememberedStrands<Placed>(
  rules: SessionRules,
  limits: TrackerLimits,
  now: () => number,
): RememberedStrands<Placed> {
  const { maxStrands, rememberMs, maxAwake = MOST_AWAKE, restAfterMs = REST_AFTER_MS } = limits
  /** Those that do not rest. */
  const strands = new Map<string, Remembered<Placed>>()
  const table = new StrandTable<Tracked<Placed>>()
  const resting = new RestingStrands()
  const scopes = scopeMembers<Remembered<Placed>>()
  const keys = trackedKeys<Remembered<Placed>>(rules, table)
  let size = 0
  let steps = 0

  function of(known: KnownStrand): Remembered<Placed> | undefined {
    const marked = known.mark as Remembered<Placed> | undefined
    if (marked?.tracker === strands) return marked
    let remembered = strands.get(known.id)
    if (!remembered) {
      wake(hashOfKey(known.key.hash))
      remembered = strands.get(known.id)
    }
    if (!remembered) return undefined
    // One mark for each, so that whoever keeps a strand keeps nothing that is forgotten.
    remembered.known.mark = undefined
    remembered.known = known
    known.mark = remembered
    return remembered
  }

  function add(known: KnownStrand, { touchedAt, ...state }: Omit<TrackedStrand, 'strand'>): Remembered<Placed> {
    const { strand } = known
    wake(...scopesOf(strand).map((scope) => hashOfScope(strand.project, scope)))
    const remembered = awake(known, { ...state, lent: undefined, ofKeySince: ++steps, ofScopesSince: ++steps })
    remembered.row = table.add(remembered, touchedAt)
    size += 1
    keys.join(remembered)
    scopes.add(remembered)
    return remembered
  }

  function awake(
    known: KnownStrand,
    { fragments, firstStart, firstEventId, lastPlaced, lent, ofKeySince, ofScopesSince }: Omit<StrandState, 'strand'>,
  ): Remembered<Placed> {
    const { strand } = known
    const { last, earlier } = lastAndEarlier(fragments.map((fragment) => ({ ...fragment })))
    const remembered: Remembered<Placed> = {
      tracker: strands,
      row: 0,
      placed: undefined,
      assembly: 0,
      last,
      earlier,
      key: keys.of(lent?.key ?? known.key),
      strand,
      known,
      firstStart,
      firstEventId,
      lastPlaced,
      user: lent?.user ?? strand.user,
      client: lent?.client ?? strand.client,
      ofKeySince,
      ofScopesSince,
    }
    strands.set(known.id, remembered)
    known.mark = remembered
    return remembered
  }

  /** Wakes what has one of these names, and all that shares a key or a scope with that. */
  function wake(...hashes: number[]): void {
    const woken: Remembered<Placed>[] = []
    for (const hash of hashes) {
      for (const row of resting.of(hash)) {
        const text = table.at(row) as string
        const names = namesIn(text)
        const state = unpacked(text)
        const known = new KnownStrand(rules, state.strand)
        resting.remove(row, names)
        hashes.push(...names)
        const remembered = awake(known, state)
        remembered.row = row
        table.set(row, remembered)
        woken.push(remembered)
      }
    }
    if (woken.length === 0) return
    // Where several began at once, what was there first comes first.
    for (const remembered of woken.toSorted((a, b) => a.ofKeySince - b.ofKeySince)) keys.join(remembered)
    for (const remembered of woken.toSorted((a, b) => a.ofScopesSince - b.ofScopesSince)) scopes.add(remembered)
  }

  /** Lays to rest what was not used for longest, together with what shares keys and scopes with it. */
  function rest(): void {
    const before = now() - restAfterMs
    for (;;) {
      const row = table.nextIdle(maxAwake, before)
      if (row === undefined) return
      const item = table.at(row)
      if (typeof item === 'string') continue
      const together = togetherWith(item)
      if (together?.every((other) => table.isIdle(other.row))) for (const each of together) pack(each)
    }
  }

  /** All that shares a key or a scope with it, by and by; undefined where that is many. */
  function togetherWith(first: Remembered<Placed>): readonly Remembered<Placed>[] | undefined {
    const { project } = first.strand
    // Mostly it is alone.
    const isAlone =
      first.key.members === first && scopesOf(first.strand).every((scope) => scopes.size(project, scope) === 1)
    if (isAlone) return [first]
    const found = new Set([first])
    for (const { key, strand } of found) {
      const near = [membersOf(key.members), ...scopesOf(strand).map((scope) => scopes.of(strand.project, scope))]
      for (const members of near) {
        for (const member of members) {
          found.add(member)
          if (found.size > MOST_TOGETHER) return undefined
        }
      }
    }
    return [...found]
  }

  function pack(remembered: Remembered<Placed>): void {
    const { row, known, user, client } = remembered
    const { key } = remembered.key
    const fragments = keys.fragmentsOf(remembered)
    const lent = key.hash === known.key.hash ? undefined : { key, user, client }
    const state = { ...remembered, fragments, lent }
    const names = namesOf(state, known.key)
    takeOut(remembered)
    table.set(row, packed(state, names))
    resting.add(row, names)
  }

  function takeOut(remembered: Remembered<Placed>): void {
    const { known } = remembered
    strands.delete(known.id)
    known.mark = undefined
    remembered.tracker = undefined
    keys.leave(remembered)
    scopes.remove(remembered)
  }

  function forget(): void {
    const oldest = now() - rememberMs
    for (let row = table.first; row !== undefined; row = table.first) {
      if (size <= maxStrands && table.usedAt(row) >= oldest) break
      const item = table.at(row)
      if (typeof item !== 'string') takeOut(item)
      else resting.remove(row, namesIn(item))
      table.remove(row)
      size -= 1
    }
  }

  function stateAt(row: number): TrackedStrand {
    const item = table.at(row)
    const state = typeof item === 'string' ? unpacked(item) : { ...item, fragments: keys.fragmentsOf(item) }
    const { strand, fragments, firstStart, firstEventId, lastPlaced } = state
    const touchedAt = table.usedAt(row)
    return {
      strand,
      fragments: fragments.map((fragment) => ({ ...fragment })),
      firstStart,
      firstEventId,
      touchedAt,
      lastPlaced,
    }
  }

  return {
    table,
    keys,
    scopes,
    of,
    add,
    move(remembered, key) {
      wake(hashOfKey(key.hash))
      keys.leave(remembered)
      remembered.key = keys.of(key)
      remembered.ofKeySince = ++steps
      keys.join(remembered)
    },
    tidy() {
      forget()
      rest()
    },
    get size() {
      return size
    },
    state: () => Array.from(table.rows(), stateAt),
  }
}

/** By which what shares a key or a scope with a strand finds it, and an event of its own. */
function namesOf({ strand, lent }: Pick<StrandState, 'strand' | 'lent'>, own: SessionKey): number[] {
  const ofScopes = scopesOf(strand).map((scope) => hashOfScope(strand.project, scope))
  const names = [hashOfKey(own.hash), ...(lent ? [hashOfKey(lent.key.hash)] : []), ...ofScopes]
  return names.length > 1 ? [...new Set(names)] : names
}
