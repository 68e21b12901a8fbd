import type { Fragment } from '@mcpcat/sessions'
import type { SearchText } from './search-text.js'

/** A fragment with the counters and fields that its session takes from it. */
export interface CountedFragment extends Fragment, FragmentCounts {
  readonly firstOwnKey: string
  /** In order. */
  readonly ownKeys: readonly string[]
  /** Adds its intents, a line each, in order. */
  addIntentsTo(search: SearchText): void
}

/**
 * What the events of a fragment say together; what the last of them said ends in `last`, other text is
 * of the first. Each list is in order and has nothing twice.
 */
interface FragmentCounts {
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
  readonly intents: string
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
    ownKeys: row.own_keys.toSorted(),
    tool_calls: Number(row.tool_calls),
    errors: Number(row.errors),
    missing_tools: Number(row.missing_tools),
    // The engine's order is that of bytes.
    tools: row.tools.toSorted(),
    user: row.user,
    user_name_last: row.user_name_last,
    user_traits_last: row.user_traits_last,
    client: row.client,
    client_version_first: row.client_version_first,
    server: row.server,
    server_version_first: row.server_version_first,
    protocol: row.protocol,
    transport_first: row.transport_first,
    mcp_session_ids: row.mcp_session_ids.toSorted(),
    first_intent: row.first_intent,
    addIntentsTo: (search) => search.add(row.intents),
  }
}
