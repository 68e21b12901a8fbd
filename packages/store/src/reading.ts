/**
 * What can be read from a store, in the shapes that the query API answers with: times ISO 8601
 * with the precision of the source, durations in fractional milliseconds, absent = null.
 * Every read names its project and cannot see another one.
 */
import type { SessionSource } from '@mcpcat/semconv'

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

export interface SessionEvent {
  id: string
  sessionId: string
  start: string
  durationMs: number
  /** `server`, `client` or `internal`. */
  kind: string
  method: string
  /** Tool or prompt name, or resource URI. */
  target: string | null
  isError: boolean
  errorType: string | null
  jsonrpcCode: number | null
  errorMessage: string | null
  fingerprint: string | null
  intent: string | null
  traceId: string
  spanId: string
  parentSpanId: string | null
  /** Bytes of JSON; null when the content was not captured. */
  requestSize: number | null
  responseSize: number | null
}

export interface EventDetail extends SessionEvent {
  /** JSON text as it was captured. */
  request: string | null
  response: string | null
  error: { type: string | null; message: string | null; stack: string | null; causes: string[] } | null
  tags: Record<string, string>
  attributes: Record<string, string>
  resource: Record<string, string>
  links: { label: string; url: string }[]
}

export interface Page<Item> {
  items: Item[]
  /** Opaque; null on the last page. */
  nextCursor: string | null
}

export interface SessionFilter {
  project: string
  /** ISO 8601; sessions that overlap [from, to]. */
  from?: string
  to?: string
  server?: string
  client?: string
  tool?: string
  user?: string
  /** Only sessions with errors, or only those without. */
  status?: 'error' | 'ok'
  source?: SessionSource
  /** Words searched in intents, tools, client and user. */
  q?: string
}

export type SessionSort = 'start' | 'activity' | 'duration'

/** A cursor that no page of this store gave out: the API answers 400 naming `cursor`. */
export class InvalidCursorError extends Error {
  override name = 'InvalidCursorError'
}

export interface StoreReader {
  projects(): Promise<string[]>
  /** Newest first by default. @throws InvalidCursorError */
  listSessions(
    filter: SessionFilter,
    page: { limit: number; cursor?: string; sort?: SessionSort },
  ): Promise<Page<Session>>
  /** The session, the id of the one that superseded it, or null when the project has neither. */
  getSession(project: string, id: string): Promise<Session | { supersededBy: string } | null>
  /** In order of start. Empty for an unknown session. @throws InvalidCursorError */
  listSessionEvents(
    project: string,
    sessionId: string,
    page: { limit: number; cursor?: string },
  ): Promise<Page<SessionEvent>>
  getEvent(project: string, id: string): Promise<EventDetail | null>
}
