import type { SessionSource } from '@mcpcat/semconv'
import type { Session } from '../reading/sessions.js'
import { isoTime } from '../timestamps.js'

/** A row of `sessions`, with its times as nanoseconds. */
export interface SessionRecord {
  project: string
  session_id: string
  source: SessionSource
  confidence: number
  reason: string
  start_ns: string
  end_ns: string
  event_count: number
  tool_calls: number
  errors: number
  missing_tools: number
  tools: string[]
  user_id: string
  user_name: string
  user_traits: Record<string, string>
  client_name: string
  client_version: string
  server_name: string
  server_version: string
  protocol_version: string
  transport: string
  mcp_session_ids: string[]
  first_intent: string
  supersedes: string[]
  superseded_by: string
  is_deleted: number
}

/** Where a session's events lie: its fragments, each of a strand. */
export interface SessionParts {
  session_id: string
  superseded_by: string
  is_deleted: number
  start_ns: string
  end_ns: string
  part_own_keys: string[]
  part_scopes: string[]
  part_starts_ns: string[]
  part_ends_ns: string[]
}

/** A row of `session_goals`. */
export interface GoalRecord {
  session_id: string
  category: string
  name: string
  outcome: string
}

const ACTIVE_MS = 30 * 60_000
const LONG_HOURS = 24

/** @param now milliseconds since the epoch; decides whether it is active. */
export function session(record: SessionRecord, goal: GoalRecord | undefined, now: number): Session {
  const start = BigInt(record.start_ns)
  const end = BigInt(record.end_ns)
  return {
    id: record.session_id,
    project: record.project,
    start: isoTime(start),
    end: isoTime(end),
    active: now - Number(end / 1_000_000n) <= ACTIVE_MS,
    source: record.source,
    confidence: Math.round(record.confidence * 1000) / 1000,
    reason: record.reason,
    user: record.user_id ? { id: record.user_id, name: record.user_name || null, traits: record.user_traits } : null,
    client: named(record.client_name, record.client_version),
    server: named(record.server_name, record.server_version),
    protocolVersion: record.protocol_version || null,
    transport: record.transport || null,
    eventCount: record.event_count,
    toolCalls: record.tool_calls,
    errors: record.errors,
    missingTools: record.missing_tools,
    tools: record.tools,
    firstIntent: record.first_intent || null,
    goal: goal ? { id: goal.category, name: goal.name, outcome: goal.outcome || null } : null,
    mcpSessionIds: record.mcp_session_ids,
    supersedes: record.supersedes,
    flags:
      end - start > BigInt(LONG_HOURS) * 3_600_000_000_000n
        ? [{ kind: 'long', reason: `longer than ${LONG_HOURS} hours without a pause that ends it` }]
        : [],
  }
}

function named(name: string, version: string): { name: string; version: string | null } | null {
  return name ? { name, version: version || null } : null
}
