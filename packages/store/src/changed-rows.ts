import type { AssembledSession, SessionRules } from '@mcpcat/sessions'
import { assembleSessions } from '@mcpcat/sessions'
import type { KeyIslands, Member } from './key-islands.js'
import { within } from './key-ranges.js'
import type { CountedFragment, KnownSession, SessionContent } from './session-rows.js'
import { hashed, nextVersion, sessionContent, supersededContent } from './session-rows.js'

/** A session as the events give it now. */
interface LiveSession {
  readonly assembled: AssembledSession<CountedFragment>
  readonly key: KeyIslands['key']
  /** Deduplicated events of its island. */
  readonly islandEvents: number
}

/** A row for the table `sessions`. */
export interface SessionRow {
  /** A line of JSON. */
  readonly json: string
  /** What the table will say of the session then. */
  readonly known: KnownSession
  /** Empty while it is a session. */
  readonly supersededBy: string
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
  const write = (content: SessionContent, islandEvents: number, start: string, end: string): void => {
    const row = before.get(content.session_id)
    const { hash, json } = hashed(content)
    if (row?.content_hash === hash) return
    const version = nextVersion(row, islandEvents).toString()
    rows.push({
      json: `${json.slice(0, -1)},"content_hash":"${hash}","version":"${version}"}`,
      known: {
        session_id: content.session_id,
        key: content.key,
        version,
        content_hash: hash,
        start_ns: start,
        end_ns: end,
        first_event_id: content.first_event_id,
        first_own_key: content.first_own_key,
        first_scope: content.first_scope,
      },
      supersededBy: content.superseded_by,
    })
  }

  const keys = keysOfStrands(members)
  const ranges = new Map(keyIslands.map((range) => [range.key.hash, range]))
  const find = successorFinder(live, keys)
  const moved: KnownSession[] = []
  const supersedes = new Map<string, string[]>()
  for (const row of known) {
    if (live.has(row.session_id)) continue
    const range = ranges.get(keys.get(strandId(row.first_own_key, row.first_scope)) ?? '')
    if (!range || !within(range, BigInt(row.start_ns))) {
      moved.push(row)
      continue
    }
    const successor = find(row)
    const id = successor?.assembled.id ?? ''
    supersedes.set(id, [...(supersedes.get(id) ?? []), row.session_id])
    write(supersededContent(project, row, id), successor?.islandEvents ?? 0, row.start_ns, row.end_ns)
  }
  for (const [id, { assembled, key, islandEvents }] of live) {
    const { start, end } = extent(assembled.fragments)
    write(
      sessionContent(project, key, assembled, supersedes.get(id) ?? []),
      islandEvents,
      start.toString(),
      end.toString(),
    )
  }
  return { rows, moved }
}

function extent(fragments: readonly CountedFragment[]): { start: bigint; end: bigint } {
  const start = fragments[0]?.start ?? 0n
  return { start, end: fragments.reduce((end, fragment) => (fragment.end > end ? fragment.end : end), start) }
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
