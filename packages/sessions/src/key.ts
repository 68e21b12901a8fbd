import { hash } from 'node:crypto'
import type { Strand } from './evidence.js'
import { flat } from './flat.js'
import type { SessionRules } from './rules.js'
import { rungNamed } from './rules.js'

/** Whose events can be one session: project, actor and client, and the hash that stands for them. */
export interface SessionKey {
  /** 32 hex digits. */
  readonly hash: string
  readonly rung: string
  /** Whom that rung names: by itself a strand of this key has the same actor, or its scope has it as a user. */
  readonly actor: string
}

/** What a scope's earliest identified event, and its earliest with a client's name, lend to the others. */
export interface Links {
  readonly user: string
  readonly client: string
}

const noLinks: Links = { user: '', client: '' }

/** The key of a strand by its own evidence alone. */
export function ownKey(strand: Strand, rules: SessionRules): SessionKey {
  return linkedKey(strand, noLinks, rules)
}

/**
 * The key of a strand within its scope: what it lacks (user, client) is taken from the scope's
 * links, what it has stays. An event with a user therefore never moves to another one.
 */
export function linkedKey(strand: Strand, links: Links, rules: SessionRules): SessionKey {
  const user = strand.user || links.user
  if (rungNamed(rules, strand.rung).kind === 'handle') return key(strand.project, strand.rung, strand.actor, user, '')
  const client = strand.client || links.client
  const userRung = user ? rules.ladder.find((rung) => rung.kind === 'user') : undefined
  if (userRung) return key(strand.project, userRung.name, user, '', client)
  return key(strand.project, strand.rung, strand.actor, '', client)
}

/** A strand as one of its scope's members, with the earliest event that is known of it. */
export interface ScopeMember {
  readonly strand: Strand
  /** Nanoseconds since the epoch. */
  readonly firstStart: bigint
  readonly firstEventId: string
}

/** The members of a scope that decide its links: of each kind the least by `(start, event id)`. */
export function linkingMembers<Member extends ScopeMember>(
  members: Iterable<Member>,
): { user: Member | undefined; client: Member | undefined } {
  let user: Member | undefined
  let client: Member | undefined
  for (const member of members) {
    if (member.strand.user && (!user || isEarlier(member, user))) user = member
    if (member.strand.client && (!client || isEarlier(member, client))) client = member
  }
  return { user, client }
}

export function linksOf(members: Iterable<ScopeMember>): Links {
  const { user, client } = linkingMembers(members)
  return { user: user?.strand.user ?? '', client: client?.strand.client ?? '' }
}

/** Every key that a strand has, or may have had when less was known of its scope. */
export function possibleKeys(strand: Strand, members: Iterable<ScopeMember>, rules: SessionRules): SessionKey[] {
  const users = new Set([''])
  const clients = new Set([''])
  for (const member of members) {
    users.add(member.strand.user)
    clients.add(member.strand.client)
  }
  const keys = new Map<string, SessionKey>()
  for (const user of users) {
    for (const client of clients) {
      const possible = linkedKey(strand, { user, client }, rules)
      keys.set(possible.hash, possible)
    }
  }
  return [...keys.values()]
}

function isEarlier(a: ScopeMember, b: ScopeMember): boolean {
  return a.firstStart < b.firstStart || (a.firstStart === b.firstStart && a.firstEventId < b.firstEventId)
}

function key(project: string, rung: string, actor: string, user: string, client: string): SessionKey {
  const digest = hash('sha256', JSON.stringify([project, rung, actor, user, client]))
  return { hash: flat(digest.slice(0, 16), digest.slice(16, 32)), rung, actor }
}
