import type { AssembledSession } from './assembled-session.js'
import { assembleSessions, fragmentGap } from './assembled-session.js'
import type { Strand } from './evidence.js'
import type { EventInterval, Fragment, OpenFragment } from './fragments.js'
import { fragmentOf, joinFragments, prolong } from './fragments.js'
import type { SessionKey } from './key.js'
import type { Members } from './members.js'
import { membersOf, withMember, withoutMember } from './members.js'
import type { Rung, SessionRules } from './rules.js'
import { rungNamed } from './rules.js'
import type { StrandTable } from './strand-table.js'

/** A key, its strands, and its sessions when somebody asked last. */
export interface TrackedKey<Member extends object> {
  readonly key: SessionKey
  readonly kind: Rung['kind']
  /** Nanoseconds without an event after which a fragment ends. */
  readonly gap: bigint
  members: Members<Member> | undefined
  sessions: readonly AssembledSession[]
  /** A number of these sessions that no others have; 0 when they may be other ones by now. */
  assembly: number
  /** When the last fragment of these sessions began. */
  latestStart: bigint
}

/** A strand, as far as the sessions of its key follow from it. */
export interface KeyMember<Member extends object> {
  readonly strand: Strand
  /** Its fragments but the last, in order; all are further apart than the gap. */
  earlier: readonly OpenFragment[]
  /** As {@link TrackedKeys.fragmentsOf} has read it from the table. */
  last: OpenFragment
  key: TrackedKey<Member>
  /** Its row in the table. */
  readonly row: number
}

/** The keys of the strands that are remembered; their sessions are assembled when they may have changed, and are asked for. */
export interface TrackedKeys<Member extends KeyMember<Member>> {
  /** The key as it is known, for a strand that joins it. */
  of(key: SessionKey): TrackedKey<Member>
  /** Adds a strand to its key. */
  join(member: Member): void
  leave(member: Member): void
  /** Adds an event to a strand; true when the event neither begins a fragment nor an earlier one than was known. */
  add(member: Member, event: EventInterval): boolean
  /** Leaves it to the table to add events to the last fragment of a strand, where that changes no session. */
  leaveOpen(member: Member): void
  /** The fragments of a strand as they are now. */
  fragmentsOf(member: Member): OpenFragment[]
  /** Of a strand that never rests, forgets what ended more than so many nanoseconds before its last event. */
  forgetFragments(member: Member, age: bigint): void
  /** The session of a strand's event that started then; nothing is changed in between, until it is said that all are placed. */
  sessionOf(member: Member, start: bigint): AssembledSession
  placed(): void
}

export function trackedKeys<Member extends KeyMember<Member>>(
  rules: SessionRules,
  table: StrandTable<unknown>,
): TrackedKeys<Member> {
  const keys = new Map<string, TrackedKey<Member>>()
  // One number for all keys of a rung.
  const gaps = new Map(rules.ladder.map(({ name }) => [name, fragmentGap(rules, name)]))
  let assemblies = 0
  /** While events of keys with several sessions are placed. */
  const lookedUp = new Map<TrackedKey<Member>, Map<string, Begun[]>>()

  function close({ row, last }: Member): void {
    if (!table.isOpen(row)) return
    table.update(row, last)
    table.close(row)
  }

  /** The sessions of a key may be other ones now, and other ones with each event: none of its fragments is left open. */
  function change(key: TrackedKey<Member>): void {
    if (key.assembly === 0) return
    key.assembly = 0
    if (key.members instanceof Set) for (const member of key.members) close(member)
    else if (key.members) close(key.members)
  }

  function fragmentsOf({ row, earlier, last }: Member): OpenFragment[] {
    table.update(row, last)
    return [...earlier, last]
  }

  function assemble(key: TrackedKey<Member>): void {
    const joined = joinedFragments(key)
    lookedUp.delete(key)
    key.sessions = assembleSessions(key.key, joined, rules, key.sessions)
    key.assembly = ++assemblies
    key.latestStart = joined.reduce((latest, { start }) => (start > latest ? start : latest), joined[0]?.start ?? 0n)
  }

  function joinedFragments({ members, gap }: TrackedKey<Member>): Fragment[] {
    if (members && !(members instanceof Set)) return joinFragments(fragmentsOf(members), gap)
    const byScope = new Map<string, Fragment[]>()
    for (const member of membersOf(members)) {
      const known = byScope.get(member.strand.scope)
      if (known) known.push(...fragmentsOf(member))
      else byScope.set(member.strand.scope, fragmentsOf(member))
    }
    return [...byScope.values()].flatMap((fragments) => joinFragments(fragments, gap))
  }

  return {
    of(key) {
      const known = keys.get(key.hash)
      if (known) return known
      const { kind } = rungNamed(rules, key.rung)
      const gap = gaps.get(key.rung) ?? fragmentGap(rules, key.rung)
      const tracked = { key, kind, gap, members: undefined, sessions: [], assembly: 0, latestStart: 0n }
      keys.set(key.hash, tracked)
      return tracked
    },
    join(member) {
      const { key } = member
      key.members = withMember(key.members, member)
      change(key)
    },
    leave(member) {
      const { key } = member
      close(member)
      key.members = withoutMember(key.members, member)
      change(key)
      if (!key.members) keys.delete(key.key.hash)
    },
    add(member, event) {
      close(member)
      const { key, last } = member
      const { end, eventCount } = last
      if (prolong(last, event, key.gap)) {
        // Chains go on with what begins after they ended: nothing had begun after this end.
        // And an event that stood alone is alone no more.
        if (end < key.latestStart || (eventCount === 1 && key.kind === 'trace')) change(key)
        return true
      }
      const joined = joinFragments([...fragmentsOf(member), fragmentOf(member.strand.scope, event)], key.gap)
      Object.assign(member, lastAndEarlier(joined))
      change(key)
      return false
    },
    leaveOpen({ row, last, key }) {
      if (table.isOpen(row)) return
      const changes = last.end < key.latestStart || (last.eventCount === 1 && key.kind === 'trace')
      if (!changes && key.assembly !== 0) table.open(row, last, key.gap)
    },
    fragmentsOf,
    forgetFragments(member, age) {
      const { earlier, last, key } = member
      if (earlier.length === 0 || key.kind === 'handle') return
      table.update(member.row, last)
      const horizon = last.end - age
      const kept = earlier.filter(({ end }) => end >= horizon)
      if (kept.length === earlier.length) return
      member.earlier = kept
      change(key)
    },
    sessionOf({ key, strand }, start) {
      if (key.assembly === 0) assemble(key)
      const [only] = key.sessions as [AssembledSession]
      if (key.sessions.length === 1) return only
      let byScope = lookedUp.get(key)
      if (!byScope) lookedUp.set(key, (byScope = sessionsByScope(key.sessions)))
      // Of the fragments of its scope the last that began before, whose end may have moved since.
      let latest: Begun | undefined
      for (const begun of byScope.get(strand.scope) ?? []) {
        if (begun.start > start || (latest && begun.start < latest.start)) continue
        latest = begun
      }
      return latest?.session ?? only
    },
    placed() {
      lookedUp.clear()
    },
  }
}

/** That a fragment began, and of which session it is. */
interface Begun {
  readonly start: bigint
  readonly session: AssembledSession
}

function sessionsByScope(sessions: readonly AssembledSession[]): Map<string, Begun[]> {
  const byScope = new Map<string, Begun[]>()
  for (const session of sessions) {
    for (const { scope, start } of session.fragments) {
      const begun = byScope.get(scope)
      if (begun) begun.push({ start, session })
      else byScope.set(scope, [{ start, session }])
    }
  }
  return byScope
}

/** Of at least one. */
export function lastAndEarlier(fragments: OpenFragment[]): Pick<KeyMember<object>, 'last' | 'earlier'> {
  const last = fragments.at(-1) as OpenFragment
  return { last, earlier: fragments.length > 1 ? fragments.slice(0, -1) : NONE }
}

const NONE: readonly OpenFragment[] = []
