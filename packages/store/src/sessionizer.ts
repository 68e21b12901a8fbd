import type { AssembledSession, SessionKey, SessionRules, Strand } from '@mcpcat/sessions'
import { assembleSessions, fragmentGap, linkedKey, linksOf, ownKey, possibleKeys, rungNamed } from '@mcpcat/sessions'
import type { Engine } from './engine.js'
import type { CountedFragment, FragmentRow, KnownSession, SessionContent } from './session-rows.js'
import { contentHash, countedFragment, nextVersion, sessionContent, supersededContent } from './session-rows.js'
import { sql } from './sql-files.js'
import type { StoredStrand, StrandRow } from './strand-rows.js'
import { storedStrand } from './strand-rows.js'

/** A strand's place: which key its own evidence gives, and the scope it is linked in. */
interface Member {
  readonly ownKey: string
  readonly scope: string
  readonly key: SessionKey
}

/**
 * Recomputes the sessions that the given strands belong to, or may have belonged to before more was
 * known of their scopes, and writes what changed: whole rows, tombstones beside them, in one insert.
 * The events must be in the store already.
 */
export async function refreshSessions(
  engine: Engine,
  project: string,
  touched: readonly Strand[],
  rules: SessionRules,
): Promise<void> {
  const affected = await affectedKeys(engine, project, touched, rules)
  const { keys } = affected
  if (keys.size === 0) return
  const members = await membersOf(engine, project, affected, rules)
  // Before the events: a row that was written in between then has at least their count.
  const known = await engine.query<KnownSession>(sql('sessions-of-keys'), { project, keys: [...keys.keys()] })
  const fragments = await fragmentsOf(engine, project, members, rules)

  const sessions = [...keys.values()].map((key) => ({
    key,
    sessions: assembleSessions(key, fragments.get(key.hash) ?? [], rules),
    islands: islandSizes(fragments.get(key.hash) ?? [], rules, key.rung),
  }))
  const rows = changedRows(project, sessions, known, members)
  if (rows.length > 0) await engine.insert('sessions', rows.join('\n'))
}

/** Keys that have to be looked at again, and by which actors and users their strands are found. */
interface Affected {
  readonly keys: Map<string, SessionKey>
  readonly actors: Set<string>
  readonly users: Set<string>
}

async function affectedKeys(
  engine: Engine,
  project: string,
  touched: readonly Strand[],
  rules: SessionRules,
): Promise<Affected> {
  const affected: Affected = { keys: new Map(), actors: new Set(), users: new Set() }
  const add = (strand: Strand, keys: readonly SessionKey[]): void => {
    for (const key of keys) affected.keys.set(key.hash, key)
    affected.actors.add(strand.actor)
    if (strand.user) affected.users.add(strand.user)
  }
  for (const strand of touched) add(strand, [ownKey(strand, rules)])
  const scopes = [...new Set(touched.map((strand) => strand.scope).filter(Boolean))]
  if (scopes.length === 0) return affected
  const rows = await engine.query<StrandRow>(sql('strands-of-scopes'), { project, scopes })
  for (const strands of byScope(project, rows).values()) {
    for (const { strand } of strands) add(strand, possibleKeys(strand, strands, rules))
  }
  return affected
}

/** Every strand that belongs to one of the keys now. */
async function membersOf(engine: Engine, project: string, affected: Affected, rules: SessionRules): Promise<Member[]> {
  const rows = await engine.query<StrandRow>(sql('strands-of-actors'), {
    project,
    actors: [...affected.actors],
    users: [...affected.users],
  })
  const members: Member[] = [...affected.keys.values()].map((key) => ({ ownKey: key.hash, scope: '', key }))
  const placed = new Set<string>()
  for (const [scope, strands] of byScope(project, rows)) {
    const links = linksOf(strands)
    for (const { strand, ownKey: own } of strands) {
      const key = affected.keys.get(linkedKey(strand, links, rules).hash)
      const place = `${own} ${scope}`
      if (!key || placed.has(place)) continue
      placed.add(place)
      members.push({ ownKey: own, scope, key })
    }
  }
  return members
}

async function fragmentsOf(
  engine: Engine,
  project: string,
  members: readonly Member[],
  rules: SessionRules,
): Promise<Map<string, CountedFragment[]>> {
  const rows = await engine.query<FragmentRow>(sql('fragments'), {
    project,
    own_keys: members.map((member) => member.ownKey),
    scopes: members.map((member) => member.scope),
    keys: members.map((member) => member.key.hash),
    gaps: members.map((member) => fragmentGap(rules, member.key.rung)),
  })
  const fragments = new Map<string, CountedFragment[]>()
  for (const row of rows) {
    const known = fragments.get(row.key)
    if (known) known.push(countedFragment(row))
    else fragments.set(row.key, [countedFragment(row)])
  }
  return fragments
}

interface KeySessions {
  readonly key: SessionKey
  readonly sessions: readonly AssembledSession<CountedFragment>[]
  /** Events of the island that a fragment lies in. */
  readonly islands: ReadonlyMap<CountedFragment, number>
}

function changedRows(
  project: string,
  keySessions: readonly KeySessions[],
  known: readonly KnownSession[],
  members: readonly Member[],
): string[] {
  const live = new Map<string, { content: (supersedes: string[]) => SessionContent; islandEvents: number }>()
  for (const { key, sessions, islands } of keySessions) {
    for (const session of sessions) {
      live.set(session.id, {
        content: (supersedes) => sessionContent(project, key, session, supersedes),
        islandEvents: islands.get(session.fragments[0] as CountedFragment) ?? 0,
      })
    }
  }
  const before = new Map(known.map((row) => [row.session_id, row]))
  const place = sessionFinder(keySessions, members)
  const supersedes = new Map<string, string[]>()
  const rows: string[] = []
  const write = (content: SessionContent, islandEvents: number): void => {
    const row = before.get(content.session_id)
    const hash = contentHash(content)
    if (row?.content_hash === hash) return
    rows.push(JSON.stringify({ ...content, content_hash: hash, version: nextVersion(row, islandEvents).toString() }))
  }

  for (const row of known) {
    if (live.has(row.session_id)) continue
    const successor = place(row) ?? ''
    const list = supersedes.get(successor)
    if (list) list.push(row.session_id)
    else supersedes.set(successor, [row.session_id])
    write(supersededContent(project, row, successor), live.get(successor)?.islandEvents ?? 0)
  }
  for (const [id, { content, islandEvents }] of live) write(content(supersedes.get(id) ?? []), islandEvents)
  return rows
}

/** Finds the session that now holds the first event of an earlier one. */
function sessionFinder(
  keySessions: readonly KeySessions[],
  members: readonly Member[],
): (known: KnownSession) => string | undefined {
  const keyOfStrand = new Map(members.map((member) => [`${member.ownKey} ${member.scope}`, member.key.hash]))
  const sessionsOfKey = new Map(keySessions.map(({ key, sessions }) => [key.hash, sessions]))
  return (known) => {
    const key = keyOfStrand.get(`${known.first_own_key} ${known.first_scope}`)
    const start = BigInt(known.start_ns)
    return sessionsOfKey
      .get(key ?? '')
      ?.find((session) =>
        session.fragments.some(
          (fragment) => fragment.scope === known.first_scope && fragment.start <= start && start <= fragment.end,
        ),
      )?.id
  }
}

/**
 * Events per island: a run of the key's fragments with no pause longer than the largest limit.
 * Islands only ever merge as events arrive, so the count is a version that only grows.
 */
function islandSizes(
  fragments: readonly CountedFragment[],
  rules: SessionRules,
  rungName: string,
): Map<CountedFragment, number> {
  const limit = BigInt(Math.max(rungNamed(rules, rungName).limitMs, rules.gapMs)) * 1_000_000n
  const sizes = new Map<CountedFragment, number>()
  let island: CountedFragment[] = []
  let end = 0n
  const close = (): void => {
    const size = island.reduce((sum, fragment) => sum + fragment.eventCount, 0)
    for (const fragment of island) sizes.set(fragment, size)
    island = []
  }
  for (const fragment of fragments) {
    if (island.length > 0 && fragment.start - end > limit) close()
    if (island.length === 0 || fragment.end > end) end = fragment.end
    island.push(fragment)
  }
  close()
  return sizes
}

function byScope(project: string, rows: readonly StrandRow[]): Map<string, StoredStrand[]> {
  const scopes = new Map<string, StoredStrand[]>()
  for (const row of rows) {
    const strands = scopes.get(row.scope)
    if (strands) strands.push(storedStrand(project, row))
    else scopes.set(row.scope, [storedStrand(project, row)])
  }
  return scopes
}
