import type { AssembledSession, SessionRules } from '@mcpcat/sessions'
import { assembleSessions } from '@mcpcat/sessions'
import type { KeyIslands, Member } from './key-islands.js'
import type { CountedFragment, KnownSession, SessionContent } from './session-rows.js'
import { contentHash, nextVersion, sessionContent, supersededContent } from './session-rows.js'

/** A session as the events give it now. */
interface LiveSession {
  readonly assembled: AssembledSession<CountedFragment>
  readonly key: KeyIslands['key']
  /** Deduplicated events of its island. */
  readonly islandEvents: number
}

export interface Changes {
  /** Rows for the table `sessions`, as lines of JSON. */
  readonly rows: string[]
  /** Sessions that are none any more, whose first event now has a key that was not looked at. */
  readonly moved: KnownSession[]
}

/**
 * How the table `sessions` has to change: sessions that are new or say something else than before,
 * and those that are none any more.
 */
export function changedRows(
  project: string,
  keyIslands: readonly KeyIslands[],
  known: readonly KnownSession[],
  members: Iterable<Member>,
  rules: SessionRules,
): Changes {
  const live = liveSessions(keyIslands, rules)
  const before = new Map(known.map((row) => [row.session_id, row]))
  const rows: string[] = []
  const write = (content: SessionContent, islandEvents: number): void => {
    const row = before.get(content.session_id)
    const hash = contentHash(content)
    if (row?.content_hash === hash) return
    rows.push(JSON.stringify({ ...content, content_hash: hash, version: nextVersion(row, islandEvents).toString() }))
  }

  const keys = keysOfStrands(members)
  const find = successorFinder(live, keys)
  const moved: KnownSession[] = []
  const supersedes = new Map<string, string[]>()
  for (const row of known) {
    if (live.has(row.session_id)) continue
    if (!keys.has(strandId(row.first_own_key, row.first_scope))) {
      moved.push(row)
      continue
    }
    const successor = find(row)
    const id = successor?.assembled.id ?? ''
    supersedes.set(id, [...(supersedes.get(id) ?? []), row.session_id])
    write(supersededContent(project, row, id), successor?.islandEvents ?? 0)
  }
  for (const [id, { assembled, key, islandEvents }] of live) {
    write(sessionContent(project, key, assembled, supersedes.get(id) ?? []), islandEvents)
  }
  return { rows, moved }
}

function liveSessions(keyIslands: readonly KeyIslands[], rules: SessionRules): Map<string, LiveSession> {
  const live = new Map<string, LiveSession>()
  for (const { key, islands } of keyIslands) {
    for (const island of islands) {
      const islandEvents = island.reduce((sum, fragment) => sum + fragment.eventCount, 0)
      for (const assembled of assembleSessions(key, island, rules))
        live.set(assembled.id, { assembled, key, islandEvents })
    }
  }
  return live
}

/** Finds the session that now holds the first event of an earlier one. */
function successorFinder(
  live: ReadonlyMap<string, LiveSession>,
  keys: ReadonlyMap<string, string>,
): (known: KnownSession) => LiveSession | undefined {
  const sessionsOfKey = new Map<string, LiveSession[]>()
  for (const session of live.values()) {
    const sessions = sessionsOfKey.get(session.key.hash)
    if (sessions) sessions.push(session)
    else sessionsOfKey.set(session.key.hash, [session])
  }
  return (known) => {
    const key = keys.get(strandId(known.first_own_key, known.first_scope))
    const start = BigInt(known.start_ns)
    return sessionsOfKey
      .get(key ?? '')
      ?.find(({ assembled }) =>
        assembled.fragments.some(
          (fragment) => fragment.scope === known.first_scope && fragment.start <= start && start <= fragment.end,
        ),
      )
  }
}

function keysOfStrands(members: Iterable<Member>): Map<string, string> {
  return new Map(Array.from(members, (member) => [strandId(member.ownKey, member.scope), member.key.hash]))
}

function strandId(ownKey: string, scope: string): string {
  return `${ownKey} ${scope}`
}
