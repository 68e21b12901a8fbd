import { hash } from 'node:crypto'
import type { AssembledSession, Fragment } from '@mcpcat/sessions'
import { clickhouseTime } from './timestamps.js'

/** A fragment with the counters and fields that its session takes from it. */
export interface CountedFragment extends Fragment, FragmentCounts {
  readonly firstOwnKey: string
  readonly ownKeys: readonly string[]
}

/** What the events of a fragment say together; what the last of them said ends in `last`, other text is of the first. */
export interface FragmentCounts {
  readonly tool_calls: number
  readonly errors: number
  readonly missing_tools: number
  readonly tools: readonly string[]
  readonly user: string
  readonly user_name_last: string
  readonly user_traits_last: Readonly<Record<string, string>>
  readonly client: string
  readonly client_version_first: string
  readonly server: string
  readonly server_version_first: string
  readonly protocol: string
  readonly transport_first: string
  readonly mcp_session_ids: readonly string[]
  readonly first_intent: string
  readonly intents: string
}

/** A row of `fragments.sql`. */
export interface FragmentRow extends Omit<FragmentCounts, 'tool_calls' | 'errors' | 'missing_tools'> {
  readonly key: string
  readonly scope: string
  readonly start_ns: string
  readonly end_ns: string
  readonly first_event: string
  readonly first_own_key: string
  readonly own_keys: string[]
  readonly event_count: string
  readonly tool_calls: string
  readonly errors: string
  readonly missing_tools: string
}

export function countedFragment(row: FragmentRow): CountedFragment {
  return {
    scope: row.scope,
    start: BigInt(row.start_ns),
    end: BigInt(row.end_ns),
    firstEventId: row.first_event,
    eventCount: Number(row.event_count),
    firstOwnKey: row.first_own_key,
    ownKeys: row.own_keys,
    tool_calls: Number(row.tool_calls),
    errors: Number(row.errors),
    missing_tools: Number(row.missing_tools),
    tools: row.tools,
    user: row.user,
    user_name_last: row.user_name_last,
    user_traits_last: row.user_traits_last,
    client: row.client,
    client_version_first: row.client_version_first,
    server: row.server,
    server_version_first: row.server_version_first,
    protocol: row.protocol,
    transport_first: row.transport_first,
    mcp_session_ids: row.mcp_session_ids,
    first_intent: row.first_intent,
    intents: row.intents,
  }
}

/** What the newest row of a session says, of `session-versions.sql`. */
export interface KnownSession {
  session_id: string
  key: string
  version: string
  /** Empty when several rows are the newest, and they differ. */
  content_hash: string
  start_ns: string
  end_ns: string
  first_event_id: string
  first_own_key: string
  first_scope: string
}

/** A row of `sessions`, complete but for what depends on the rows before it; the order of its columns is part of its hash. */
export interface SessionColumns {
  readonly project: string
  readonly session_id: string
  readonly key: string
  readonly rung: string
  readonly source: string
  readonly confidence: number
  readonly reason: string
  readonly start: string
  readonly end: string
  readonly event_count: number
  readonly tool_calls: number
  readonly errors: number
  readonly missing_tools: number
  readonly tools: readonly string[]
  readonly user_id: string
  readonly user_name: string
  readonly user_traits: Readonly<Record<string, string>>
  readonly client_name: string
  readonly client_version: string
  readonly server_name: string
  readonly server_version: string
  readonly protocol_version: string
  readonly transport: string
  readonly mcp_session_ids: readonly string[]
  readonly first_intent: string
  readonly search: string
  readonly first_event_id: string
  readonly first_own_key: string
  readonly first_scope: string
  readonly part_own_keys: readonly string[]
  readonly part_scopes: readonly string[]
  readonly part_starts: readonly string[]
  readonly part_ends: readonly string[]
  readonly supersedes: readonly string[]
  readonly superseded_by: string
  readonly is_deleted: 0 | 1
}

/** Of a session that is none any more, the row says little; the table has its defaults for the rest. */
export type SessionContent =
  | SessionColumns
  | Pick<
      SessionColumns,
      | 'project'
      | 'session_id'
      | 'key'
      | 'start'
      | 'end'
      | 'first_event_id'
      | 'first_own_key'
      | 'first_scope'
      | 'superseded_by'
      | 'is_deleted'
    >

/** Times of a row, in nanoseconds. */
export interface SessionTimes {
  readonly start: bigint
  readonly end: bigint
  /** Of its parts, in order. */
  readonly partStarts: readonly bigint[]
  readonly partEnds: readonly bigint[]
}

/** A row for the table `sessions`. */
export interface SessionRow {
  readonly content: SessionContent
  readonly times: SessionTimes
  /** What the table will say of the session then. */
  readonly known: KnownSession
}

/** The whole row of a live session, from its fragments in order. */
export function sessionContent(
  project: string,
  key: { hash: string; rung: string },
  session: AssembledSession<CountedFragment>,
  supersedes: readonly string[],
): { content: SessionColumns; times: SessionTimes } {
  const { fragments } = session
  const rows: readonly FragmentCounts[] = fragments
  const first = fragments[0] as CountedFragment
  const times = { start: first.start, end: latestEnd(fragments), partStarts: [] as bigint[], partEnds: [] as bigint[] }
  const partOwnKeys: string[] = []
  const partScopes: string[] = []
  for (const { ownKeys, scope, start, end } of fragments) {
    for (const ownKey of sorted(ownKeys)) {
      partOwnKeys.push(ownKey)
      partScopes.push(scope)
      times.partStarts.push(start)
      times.partEnds.push(end)
    }
  }
  // Most sessions are one part, whose times are theirs.
  const start = clickhouseTime(times.start)
  const end = clickhouseTime(times.end)
  const tools = sortedUnion(rows.map((row) => row.tools))
  const client = earliest(rows, 'client')
  const user = earliest(rows, 'user')
  const userName = latest(rows, 'user_name_last')
  const content = {
    project,
    session_id: session.id,
    key: key.hash,
    rung: key.rung,
    source: session.source,
    confidence: session.confidence,
    reason: session.reason,
    start,
    end,
    event_count: fragments.reduce((sum, fragment) => sum + fragment.eventCount, 0),
    tool_calls: total(rows, 'tool_calls'),
    errors: total(rows, 'errors'),
    missing_tools: total(rows, 'missing_tools'),
    tools,
    user_id: user,
    user_name: userName,
    user_traits: rows.findLast((row) => Object.keys(row.user_traits_last).length > 0)?.user_traits_last ?? {},
    client_name: client,
    client_version: earliest(rows, 'client_version_first'),
    server_name: earliest(rows, 'server'),
    server_version: earliest(rows, 'server_version_first'),
    protocol_version: earliest(rows, 'protocol'),
    transport: earliest(rows, 'transport_first'),
    mcp_session_ids: sortedUnion(rows.map((row) => row.mcp_session_ids)),
    first_intent: earliest(rows, 'first_intent'),
    search: [...rows.map((row) => row.intents), ...tools, client, user, userName]
      .filter(Boolean)
      .join('\n')
      .toLowerCase(),
    first_event_id: first.firstEventId,
    first_own_key: first.firstOwnKey,
    first_scope: first.scope,
    part_own_keys: partOwnKeys,
    part_scopes: partScopes,
    part_starts: times.partStarts.map((time) => (time === times.start ? start : clickhouseTime(time))),
    part_ends: times.partEnds.map((time) => (time === times.end ? end : clickhouseTime(time))),
    supersedes: supersedes.toSorted(),
    superseded_by: '',
    is_deleted: 0,
  } as const
  return { content, times }
}

/** The row that a session leaves behind: where its first event is now, if it still is anywhere. */
export function supersededContent(
  project: string,
  known: KnownSession,
  supersededBy: string,
): { content: SessionContent; times: SessionTimes } {
  const times = { start: BigInt(known.start_ns), end: BigInt(known.end_ns), partStarts: [], partEnds: [] }
  const content = {
    project,
    session_id: known.session_id,
    key: known.key,
    start: clickhouseTime(times.start),
    end: clickhouseTime(times.end),
    first_event_id: known.first_event_id,
    first_own_key: known.first_own_key,
    first_scope: known.first_scope,
    superseded_by: supersededBy,
    is_deleted: supersededBy === '' ? 1 : 0,
  } as const
  return { content, times }
}

/** Stands for everything the row says: what it says again needs not be written. */
export function contentHash(content: SessionContent): string {
  return hash('sha256', JSON.stringify(content)).slice(0, 32)
}

const GENERATION = 1n << 40n

/**
 * The version of a row that replaces `known`. Versions come without clocks: the island's
 * deduplicated event count, so a superset wins; where what changed is not more events (re-keying,
 * deletion), the next generation.
 */
export function nextVersion(known: KnownSession | undefined, islandEvents: number): bigint {
  const events = BigInt(islandEvents)
  if (!known) return events
  const before = BigInt(known.version)
  const generation = before / GENERATION
  const version = generation * GENERATION + events
  return version > before ? version : (generation + 1n) * GENERATION + events
}

type TextColumn = {
  [Column in keyof FragmentCounts]: FragmentCounts[Column] extends string ? Column : never
}[keyof FragmentCounts]

type NumberColumn = {
  [Column in keyof FragmentCounts]: FragmentCounts[Column] extends number ? Column : never
}[keyof FragmentCounts]

function earliest(rows: readonly FragmentCounts[], column: TextColumn): string {
  for (const row of rows) if (row[column] !== '') return row[column]
  return ''
}

function latest(rows: readonly FragmentCounts[], column: TextColumn): string {
  return rows.findLast((row) => row[column] !== '')?.[column] ?? ''
}

function total(rows: readonly FragmentCounts[], column: NumberColumn): number {
  let sum = 0
  for (const row of rows) sum += row[column]
  return sum
}

export function latestEnd(fragments: readonly CountedFragment[]): bigint {
  let latestSoFar = fragments[0]?.end ?? 0n
  for (const { end } of fragments) if (end > latestSoFar) latestSoFar = end
  return latestSoFar
}

/** @param lists of which each has nothing twice. */
function sortedUnion(lists: readonly (readonly string[])[]): readonly string[] {
  const [only, ...more] = lists
  return only && more.length === 0 ? sorted(only) : [...new Set(lists.flat())].toSorted()
}

function sorted(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : texts.toSorted()
}
