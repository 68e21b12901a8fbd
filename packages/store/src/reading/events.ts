import type { Page, PageRequest } from './page.js'

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

export interface EventReads {
  /** In order of start. Empty for an unknown session. @throws InvalidCursorError */
  listSessionEvents(project: string, sessionId: string, page: PageRequest): Promise<Page<SessionEvent>>
  getEvent(project: string, id: string): Promise<EventDetail | null>
}
