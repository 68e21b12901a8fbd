import type { SessionRules } from '@mcpcat/sessions'
import { assembleSessions } from '@mcpcat/sessions'
import type { KeyIslands, Member } from './key-islands.js'
import { within } from './key-ranges.js'
import type { KnownSession } from './known-session.js'
import type { LiveSession, SessionRows } from './session-rows.js'

export interface Changes {
  /** Sessions that are none any more, whose first event is now where was not looked: of another key, or at another time. */
  readonly moved: readonly KnownSession[]
  /** Tells all other sessions that are new or say something else than before, and those that are none any more. */
  readonly tell: (rows: SessionRows) => void
}

/**
 * How the table `sessions` has to change.
 *
 * @param known what the table says, by the session's id.
 * @param members the strands of the keys; asked for where sessions are none any more.
 */
export function changedRows(
  project: string,
  keyIslands: readonly KeyIslands[],
  known: ReadonlyMap<string, KnownSession>,
  members: () => Iterable<Member>,
  rules: SessionRules,
): Changes {
  const live = liveSessions(keyIslands, rules)
  // Mostly every session that is known is one still.
  const gone = [...known.values()].filter((row) => !live.has(row.session_id))
  const where = gone.length > 0 ? whereabouts(live, keyIslands, members()) : undefined
  const moved = gone.filter((row) => !where?.lookedAt(row))
  return {
    moved,
    tell(rows) {
      const supersedes = new Map<string, string[]>()
      for (const row of gone) {
        if (!where?.lookedAt(row)) continue
        const successor = where.successor(row)
        const id = successor?.assembled.id ?? ''
        supersedes.set(id, [...(supersedes.get(id) ?? []), row.session_id])
        rows.tellGone(project, row, successor)
      }
      for (const [id, session] of live) rows.tell(project, session, supersedes.get(id) ?? NONE, known.get(id))
    },
  }
}

const NONE: readonly string[] = []

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
      return range !== undefined && within(range, known.start)
    },
    successor(known) {
      const { start } = known
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
