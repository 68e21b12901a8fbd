import type { PeriodFilter } from './filter.js'
import type { Timeseries } from './overview.js'

export interface ToolStats {
  server: string
  name: string
  calls: number
  failedCalls: number
  errorRate: number | null
  p50Ms: number | null
  p95Ms: number | null
  sessions: number
  users: number
  /** In the period; null when unused. */
  lastCall: string | null
  /** When a server first listed it; null when no list was captured. */
  firstListed: string | null
  lastListed: string | null
}

export interface FailureGroup {
  /** Id of the issue. */
  issue: string
  count: number
  errorType: string | null
  sampleMessage: string | null
  sampleEventId: string
  lastSeen: string
}

export interface ToolDetail {
  /** One for each server that has a tool of this name. */
  servers: ToolStats[]
  trend: Timeseries
  /** Most frequent first, at most 50. */
  failures: FailureGroup[]
}

export interface ToolVersion {
  server: string
  /** Of the definition's text. */
  hash: string
  firstSeen: string
  lastSeen: string
  description: string | null
  /** The whole definition as the server listed it, JSON. */
  definition: string
}

export interface ToolNeighbor {
  name: string
  /** How often its call was the one right before, or right after, within the session. */
  before: number
  after: number
}

export interface ToolReads {
  /** Tools that were called in the period, most calls first, then those listed by a server and unused. */
  listTools(filter: PeriodFilter, limit: number): Promise<ToolStats[]>
  /** Null when the project knows no such tool. */
  getTool(filter: PeriodFilter & { tool: string }): Promise<ToolDetail | null>
  /** Newest first. */
  toolVersions(project: string, name: string): Promise<ToolVersion[]>
  toolNeighbors(filter: PeriodFilter & { tool: string }, limit: number): Promise<ToolNeighbor[]>
}
