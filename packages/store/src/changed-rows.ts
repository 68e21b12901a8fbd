import type { AssembledSession, SessionRules } from '@mcpcat/sessions'
import { assembleSessions } from '@mcpcat/sessions'
import type { KeyIslands, Member } from './key-islands.js'
import { within } from './key-ranges.js'
import type { CountedFragment, KnownSession, SessionContent, SessionRow, SessionTimes } from './session-rows.js'
import { contentHash, nextVersion, sessionContent, supersededContent } from './session-rows.js'

/** A session as the events give it now. */
interface LiveSession {
  readonly assembled: AssembledSession<CountedFragment>
  readonly key: KeyIslands['key']
  /** Deduplicated events of its island. */
  readonly islandEvents: number
}

export interface Changes {
  readonly rows: SessionRow[]
  /** Sessions that are none any more, whose first event is now where was not looked: of another key, or at another time. */
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
  const rows: SessionRow[] = []
  const write = ({ content, times }: { content: SessionContent; times: SessionTimes }, islandEvents: number): void => {
    const row = before.get(content.session_id)
    const hash = contentHash(content)
    if (row?.content_hash === hash) return
    rows.push({
      content,
      times,
      known: {
        session_id: content.session_id,
        key: content.key,
        version: nextVersion(row, islandEvents).toString(),
        content_hash: hash,
        start_ns: times.start.toString(),
        end_ns: times.end.toString(),
        first_event_id: content.first_event_id,
        first_own_key: content.first_own_key,
        first_scope: content.first_scope,
      },
    })
  }

  // Mostly every session that is known is one still.
  const gone = known.filter((row) => !live.has(row.session_id))
  const where = gone.length > 0 ? whereabouts(live, keyIslands, members) : undefined
  const moved: KnownSession[] = []
  const supersedes = new Map<string, string[]>()
  for (const row of gone) {
    if (!where?.lookedAt(row)) {
      moved.push(row)
      continue
    }
    const successor = where.successor(row)
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

/** Where the first events of earlier sessions are now. */
interface Whereabouts {
  /** The first event is where was looked. */
  lookedAt(known: KnownSession): boolean
  /** The session that holds it now. */
  successor(known: KnownSession): LiveSession | undefined
}

function whereabouts(
  live: ReadonlyMap<string, LiveSession>,
  keyIslands: readonly KeyIslands[],
  members: Iterable<Member>,
): Whereabouts {
  const keys = keysOfStrands(members)
  const ranges = new Map(keyIslands.map((range) => [range.key.hash, range]))
  const sessionsOfKey = new Map<string, LiveSession[]>()
  for (const session of live.values()) {
    const sessions = sessionsOfKey.get(session.key.hash)
    if (sessions) sessions.push(session)
    else sessionsOfKey.set(session.key.hash, [session])
  }
  const keyOf = (known: KnownSession): string => keys.get(strandId(known.first_own_key, known.first_scope)) ?? ''
  return {
    lookedAt(known) {
      const range = ranges.get(keyOf(known))
      return range !== undefined && within(range, BigInt(known.start_ns))
    },
    successor(known) {
      const start = BigInt(known.start_ns)
      return sessionsOfKey
        .get(keyOf(known))
        ?.find(({ assembled }) =>
          assembled.fragments.some(
            (fragment) => fragment.scope === known.first_scope && fragment.start <= start && start <= fragment.end,
          ),
        )
    },
  }
}

function keysOfStrands(members: Iterable<Member>): Map<string, string> {
  return new Map(Array.from(members, (member) => [strandId(member.ownKey, member.scope), member.key.hash]))
}

function strandId(ownKey: string, scope: string): string {
  return `${ownKey} ${scope}`
}
