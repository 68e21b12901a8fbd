import { hash } from 'node:crypto'
import type { AssembledSession, Fragment } from '@mcpcat/sessions'
import { clickhouseTime } from './timestamps.js'

/** A fragment with the counters and fields that its session takes from it. */
export interface CountedFragment extends Fragment {
  readonly firstOwnKey: string
  readonly ownKeys: readonly string[]
  readonly counts: FragmentRow
}

/** A row of `fragments.sql`. */
export interface FragmentRow {
  key: string
  scope: string
  start_ns: string
  end_ns: string
  first_event: string
  first_own_key: string
  own_keys: string[]
  event_count: string
  tool_calls: string
  errors: string
  missing_tools: string
  tools: string[]
  user: string
  user_name_last: string
  user_traits_last: Record<string, string>
  client: string
  client_version_first: string
  server: string
  server_version_first: string
  protocol: string
  transport_first: string
  mcp_session_ids: string[]
  first_intent: string
  intents: string
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
    counts: row,
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

/** A row of `sessions`, complete but for what depends on the rows before it. */
export type SessionContent = Readonly<Record<string, unknown>> &
  Pick<KnownSession, 'session_id' | 'key' | 'first_event_id' | 'first_own_key' | 'first_scope'> & {
    readonly superseded_by: string
  }

/** The whole row of a live session, from its fragments in order. */
export function sessionContent(
  project: string,
  key: { hash: string; rung: string },
  session: AssembledSession<CountedFragment>,
  supersedes: readonly string[],
): SessionContent {
  const { fragments } = session
  const rows = fragments.map((fragment) => fragment.counts)
  const first = fragments[0] as CountedFragment
  const parts = fragments.flatMap((fragment) =>
    fragment.ownKeys
      .toSorted()
      .map((ownKey) => ({ ownKey, scope: fragment.scope, start: fragment.start, end: fragment.end })),
  )
  const tools = sortedUnion(rows.map((row) => row.tools))
  const client = earliest(rows, 'client')
  const user = earliest(rows, 'user')
  const userName = latest(rows, 'user_name_last')
  return {
    project,
    session_id: session.id,
    key: key.hash,
    rung: key.rung,
    source: session.source,
    confidence: session.confidence,
    reason: session.reason,
    start: clickhouseTime(first.start),
    end: clickhouseTime(fragments.reduce((end, fragment) => (fragment.end > end ? fragment.end : end), first.end)),
    event_count: total(rows, 'event_count'),
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
    part_own_keys: parts.map((part) => part.ownKey),
    part_scopes: parts.map((part) => part.scope),
    part_starts: parts.map((part) => clickhouseTime(part.start)),
    part_ends: parts.map((part) => clickhouseTime(part.end)),
    supersedes: supersedes.toSorted(),
    superseded_by: '',
    is_deleted: 0,
  }
}

/** The row that a session leaves behind: where its first event is now, if it still is anywhere. */
export function supersededContent(project: string, known: KnownSession, supersededBy: string): SessionContent {
  return {
    project,
    session_id: known.session_id,
    key: known.key,
    start: clickhouseTime(BigInt(known.start_ns)),
    end: clickhouseTime(BigInt(known.end_ns)),
    first_event_id: known.first_event_id,
    first_own_key: known.first_own_key,
    first_scope: known.first_scope,
    superseded_by: supersededBy,
    is_deleted: supersededBy === '' ? 1 : 0,
  }
}

/** The content as JSON, and its hash. */
export function hashed(content: SessionContent): { json: string; hash: string } {
  const json = JSON.stringify(content)
  return { json, hash: hash('sha256', json).slice(0, 32) }
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
  [Column in keyof FragmentRow]: FragmentRow[Column] extends string ? Column : never
}[keyof FragmentRow]

function earliest(rows: readonly FragmentRow[], column: TextColumn): string {
  return rows.find((row) => row[column] !== '')?.[column] ?? ''
}

function latest(rows: readonly FragmentRow[], column: TextColumn): string {
  return rows.findLast((row) => row[column] !== '')?.[column] ?? ''
}

function total(rows: readonly FragmentRow[], column: TextColumn): number {
  return rows.reduce((sum, row) => sum + Number(row[column]), 0)
}

function sortedUnion(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted()
}
