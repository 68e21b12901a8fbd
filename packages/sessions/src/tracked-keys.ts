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
  /** In order, and further apart than the gap. */
  fragments: OpenFragment[]
  key: TrackedKey<Member>
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
  /** Of a strand that never rests, forgets what ended more than so many nanoseconds before its last event. */
  forgetFragments(member: Member, age: bigint): void
  /** The session of a strand's event that started then. */
  sessionOf(member: Member, start: bigint): AssembledSession
}

export function trackedKeys<Member extends KeyMember<Member>>(rules: SessionRules): TrackedKeys<Member> {
  const keys = new Map<string, TrackedKey<Member>>()
  // One number for all keys of a rung.
  const gaps = new Map(rules.ladder.map(({ name }) => [name, fragmentGap(rules, name)]))
  let assemblies = 0

  function assemble(key: TrackedKey<Member>): void {
    const byScope = new Map<string, Fragment[]>()
    for (const { strand, fragments } of membersOf(key.members)) {
      const known = byScope.get(strand.scope)
      if (known) known.push(...fragments)
      else byScope.set(strand.scope, [...fragments])
    }
    const joined = [...byScope.values()].flatMap((fragments) => joinFragments(fragments, key.gap))
    key.sessions = assembleSessions(key.key, joined, rules, key.sessions)
    key.assembly = ++assemblies
    key.latestStart = joined.reduce((latest, { start }) => (start > latest ? start : latest), joined[0]?.start ?? 0n)
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
      key.assembly = 0
    },
    leave(member) {
      const { key } = member
      key.members = withoutMember(key.members, member)
      key.assembly = 0
      if (!key.members) keys.delete(key.key.hash)
    },
    add(member, event) {
      const { key, fragments } = member
      const last = fragments.at(-1)
      if (last) {
        const { end, eventCount } = last
        if (prolong(last, event, key.gap)) {
          // Chains go on with what begins after they ended: nothing had begun after this end.
          // And an event that stood alone is alone no more.
          if (end < key.latestStart || (eventCount === 1 && key.kind === 'trace')) key.assembly = 0
          return true
        }
      }
      member.fragments = joinFragments([...fragments, fragmentOf(member.strand.scope, event)], key.gap)
      key.assembly = 0
      return false
    },
    forgetFragments(member, age) {
      const { fragments, key } = member
      if (fragments.length < 2 || key.kind === 'handle') return
      const horizon = (fragments.at(-1) as Fragment).end - age
      const kept = fragments.filter(({ end }) => end >= horizon)
      if (kept.length === fragments.length) return
      member.fragments = kept
      key.assembly = 0
    },
    sessionOf({ key, strand }, start) {
      if (key.assembly === 0) assemble(key)
      let session = key.sessions[0] as AssembledSession
      if (key.sessions.length === 1) return session
      // Of the fragments of its scope the last that began before, whose end may have moved since.
      let latest: Fragment | undefined
      for (const candidate of key.sessions) {
        for (const fragment of candidate.fragments) {
          if (fragment.scope !== strand.scope || fragment.start > start) continue
          if (latest && fragment.start < latest.start) continue
          latest = fragment
          session = candidate
        }
      }
      return session
    },
  }
}
