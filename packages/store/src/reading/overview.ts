import type { PeriodFilter } from './filter.js'

/**
 * Of a period. A call is a `tools/call`, and where client and server both reported one, it is the
 * server's: a client's event counts only when no server's event names it as its parent. Redelivered
 * events count once.
 */
export interface Totals {
  /** That overlap the period. */
  sessions: number
  /** Distinct, of those sessions; anonymous ones not counted. */
  users: number
  calls: number
  failedCalls: number
  /** Failed calls of all calls, 0 to 1; null without calls. */
  errorRate: number | null
  /** Failed events of any method. */
  errors: number
  missingTools: number
  /** Of calls, in fractional milliseconds, by nearest rank; null without calls. */
  p50Ms: number | null
  p95Ms: number | null
}

export interface Overview {
  current: Totals
  /** The period of the same length just before; null when not asked for. */
  previous: Totals | null
}

export interface TimeBucket {
  start: string
  /** That began in the bucket. */
  sessions: number
  calls: number
  failedCalls: number
  errors: number
  p95Ms: number | null
}

export interface Timeseries {
  /** Milliseconds; buckets begin at multiples of it since 1970. */
  bucketMs: number
  /** Without gaps, from the bucket of `from` to that of `to`. */
  buckets: TimeBucket[]
}

/** What {@link OverviewReads.breakdown} can count by. */
export const DIMENSIONS = ['client', 'server', 'tool', 'method', 'user', 'source', 'errorType'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export interface BreakdownItem {
  /** Empty where the events do not say. */
  value: string
  sessions: number
  users: number
  events: number
  calls: number
  failedCalls: number
  errors: number
  p50Ms: number | null
  p95Ms: number | null
}

/** A filter, and what it can be set to. */
export const FACETS = ['client', 'server', 'tool', 'user', 'status', 'source', 'goal'] as const
export type Facet = (typeof FACETS)[number]

export interface FacetValue {
  value: string
  /** Sessions that the filters choose, this value among them. */
  count: number
}

export interface OverviewReads {
  overview(filter: PeriodFilter, options?: { comparePrevious?: boolean }): Promise<Overview>
  timeseries(filter: PeriodFilter): Promise<Timeseries>
  /** Most events first. */
  breakdown(filter: PeriodFilter, by: Dimension, limit: number): Promise<BreakdownItem[]>
  /** Of each facet the most frequent values. */
  facets(filter: PeriodFilter, limit: number): Promise<Record<Facet, FacetValue[]>>
}
