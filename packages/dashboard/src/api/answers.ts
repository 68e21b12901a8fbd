/** What the query API answers beyond the store's own shapes; the browser imports these as types. */
import type { EventDetail, Page, Session, SessionEvent } from '@mcpcat/store'

export type { EventDetail, Page, Session, SessionEvent }

export interface ApiError {
  error: {
    code: 'bad_request' | 'unauthorized' | 'forbidden' | 'not_found' | 'too_much' | 'internal'
    message: string
    /** The query parameter that is at fault. */
    parameter?: string
    /** What to do about it. */
    hint?: string
  }
}

export interface Projects {
  items: string[]
}

export interface Status {
  status: 'ok'
  version: string
  /** The server's clock, ISO 8601. */
  time: string
  startedAt: string
}

export interface DashboardInfo {
  version: string
  /** Base URL to which MCP servers send OTLP. */
  collectorEndpoint: string
}
