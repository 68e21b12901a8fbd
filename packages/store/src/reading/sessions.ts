import type { SessionSource } from '@mcpcat/semconv'
import type { SessionFilter } from './filter.js'
import type { Page, PageRequest } from './page.js'

export interface Session {
  id: string
  project: string
  start: string
  end: string
  /** Something happened within the last 30 minutes. */
  active: boolean
  source: SessionSource
  confidence: number
  /** For a person: why these events are one session. */
  reason: string
  user: { id: string; name: string | null; traits: Record<string, string> } | null
  client: { name: string; version: string | null } | null
  server: { name: string; version: string | null } | null
  protocolVersion: string | null
  transport: string | null
  eventCount: number
  toolCalls: number
  errors: number
  missingTools: number
  tools: string[]
  firstIntent: string | null
  goal: { id: string; name: string; outcome: string | null } | null
  mcpSessionIds: string[]
  /** Ids that this session had before, or of sessions that became part of it. */
  supersedes: string[]
  flags: { kind: string; reason: string }[]
}

export type SessionSort = 'start' | 'activity' | 'duration'

export interface SessionReads {
  /** Newest first by default. @throws InvalidCursorError */
  listSessions(filter: SessionFilter, page: PageRequest & { sort?: SessionSort }): Promise<Page<Session>>
  /** The session, the id of the one that superseded it, or null when the project has neither. */
  getSession(project: string, id: string): Promise<Session | { supersededBy: string } | null>
}
