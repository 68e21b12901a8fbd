import type { AssembledSession, SessionKey } from '@mcpcat/sessions'
import type { CountedFragment } from './counted-fragment.js'
import type { KnownSession } from './known-session.js'
import { SearchText } from './search-text.js'

/**
 * What a row of `sessions` says but its version and its hash. There is one for many rows: each row says
 * all of it anew, and whoever keeps anything of it keeps single values.
 */
export interface SessionColumns {
  project: string
  session_id: string
  key: string
  rung: string
  source: string
  confidence: number
  reason: string
  /** Times are nanoseconds since the epoch. */
  start: bigint
  end: bigint
  event_count: number
  tool_calls: number
  errors: number
  missing_tools: number
  tools: readonly string[]
  user_id: string
  user_name: string
  user_traits: Readonly<Record<string, string>>
  client_name: string
  client_version: string
  server_name: string
  server_version: string
  protocol_version: string
  transport: string
  mcp_session_ids: readonly string[]
  first_intent: string
  readonly search: SearchText
  first_event_id: string
  first_own_key: string
  first_scope: string
  readonly part_own_keys: string[]
  readonly part_scopes: string[]
  readonly part_starts: bigint[]
  readonly part_ends: bigint[]
  supersedes: readonly string[]
  superseded_by: string
  is_deleted: 0 | 1
}

/** Of a session that is none, with the table's defaults. */
export function sessionColumns(): SessionColumns {
  return {
    project: '',
    session_id: '',
    key: '',
    rung: '',
    source: '',
    confidence: 0,
    reason: '',
    start: 0n,
    end: 0n,
    event_count: 0,
    tool_calls: 0,
    errors: 0,
    missing_tools: 0,
    tools: NO_TEXTS,
    user_id: '',
    user_name: '',
    user_traits: NO_TRAITS,
    client_name: '',
    client_version: '',
    server_name: '',
    server_version: '',
    protocol_version: '',
    transport: '',
    mcp_session_ids: NO_TEXTS,
    first_intent: '',
    search: new SearchText(),
    first_event_id: '',
    first_own_key: '',
    first_scope: '',
    part_own_keys: [],
    part_scopes: [],
    part_starts: [],
    part_ends: [],
    supersedes: NO_TEXTS,
    superseded_by: '',
    is_deleted: 0,
  }
}

const NO_TEXTS: readonly string[] = []
const NO_TRAITS = {}

/** The row of a session that is one, from its fragments in order. */
export function tellSession(
  row: SessionColumns,
  project: string,
  key: SessionKey,
  { id, source, confidence, reason, fragments }: AssembledSession<CountedFragment>,
  supersedes: readonly string[],
): void {
  const first = fragments[0] as CountedFragment
  row.project = project
  row.session_id = id
  row.key = key.hash
  row.rung = key.rung
  row.source = source
  row.confidence = confidence
  row.reason = reason
  row.start = first.start
  row.first_event_id = first.firstEventId
  row.first_own_key = first.firstOwnKey
  row.first_scope = first.scope
  row.supersedes = supersedes.length < 2 ? supersedes : supersedes.toSorted()
  row.superseded_by = ''
  row.is_deleted = 0
  tellCounts(row, fragments)
  row.tools = union(fragments, 'tools')
  row.mcp_session_ids = union(fragments, 'mcp_session_ids')
  row.user_id = earliest(fragments, 'user')
  row.client_name = earliest(fragments, 'client')
  row.client_version = earliest(fragments, 'client_version_first')
  row.server_name = earliest(fragments, 'server')
  row.server_version = earliest(fragments, 'server_version_first')
  row.protocol_version = earliest(fragments, 'protocol')
  row.transport = earliest(fragments, 'transport_first')
  row.first_intent = earliest(fragments, 'first_intent')
  row.user_name = fragments.findLast((fragment) => fragment.user_name_last !== '')?.user_name_last ?? ''
  row.user_traits = traitsOf(fragments)
  tellSearch(row, fragments)
}

/** Sums over the fragments, and where each of them is. */
function tellCounts(row: SessionColumns, fragments: readonly CountedFragment[]): void {
  let parts = 0
  row.end = 0n
  row.event_count = 0
  row.tool_calls = 0
  row.errors = 0
  row.missing_tools = 0
  for (const fragment of fragments) {
    const { scope, start, end } = fragment
    if (end > row.end) row.end = end
    row.event_count += fragment.eventCount
    row.tool_calls += fragment.tool_calls
    row.errors += fragment.errors
    row.missing_tools += fragment.missing_tools
    for (const ownKey of fragment.ownKeys) {
      row.part_own_keys[parts] = ownKey
      row.part_scopes[parts] = scope
      row.part_starts[parts] = start
      row.part_ends[parts] = end
      parts += 1
    }
  }
  keepParts(row, parts)
}

/** So many: mostly there were as many before, and the lists keep their room. */
function keepParts(row: SessionColumns, parts: number): void {
  row.part_own_keys.length = parts
  row.part_scopes.length = parts
  row.part_starts.length = parts
  row.part_ends.length = parts
}

function tellSearch(
  { search, tools, client_name: client, user_id: user, user_name: name }: SessionColumns,
  fragments: readonly CountedFragment[],
): void {
  search.clear()
  for (const fragment of fragments) fragment.addIntentsTo(search)
  for (const tool of tools) search.add(tool)
  search.add(client)
  search.add(user)
  search.add(name)
}

/** The row that a session leaves behind: where its first event is now, if it still is anywhere. */
export function tellSuperseded(row: SessionColumns, project: string, known: KnownSession, supersededBy: string): void {
  keepParts(row, 0)
  row.search.clear()
  Object.assign(row, NOTHING, {
    project,
    session_id: known.session_id,
    key: known.key,
    start: known.start,
    end: known.end,
    first_event_id: known.first_event_id,
    first_own_key: known.first_own_key,
    first_scope: known.first_scope,
    superseded_by: supersededBy,
    is_deleted: supersededBy === '' ? 1 : 0,
  })
}

type KeptColumn = 'search' | 'part_own_keys' | 'part_scopes' | 'part_starts' | 'part_ends'
const NOTHING = withoutKept(sessionColumns())

/** Without those that are filled anew in each row. */
function withoutKept({
  search: _search,
  part_own_keys: _keys,
  part_scopes: _scopes,
  part_starts: _starts,
  part_ends: _ends,
  ...rest
}: SessionColumns): Omit<SessionColumns, KeptColumn> {
  return rest
}

type TextColumn =
  | 'user'
  | 'client'
  | 'client_version_first'
  | 'server'
  | 'server_version_first'
  | 'protocol'
  | 'transport_first'
  | 'first_intent'

function earliest(fragments: readonly CountedFragment[], column: TextColumn): string {
  for (const fragment of fragments) {
    const text = fragment[column]
    if (text !== '') return text
  }
  return ''
}

function union(fragments: readonly CountedFragment[], column: 'tools' | 'mcp_session_ids'): readonly string[] {
  const [first, ...more] = fragments
  const texts = first?.[column] ?? NO_TEXTS
  if (more.length === 0) return texts
  return [...new Set([...texts, ...more.flatMap((fragment) => fragment[column])])].toSorted()
}

/** Of the last fragment that has some. */
function traitsOf(fragments: readonly CountedFragment[]): Readonly<Record<string, string>> {
  for (const fragment of fragments.toReversed()) {
    const traits = fragment.user_traits_last
    if (Object.keys(traits).length > 0) return traits
  }
  return NO_TRAITS
}
