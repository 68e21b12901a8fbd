import type { PeriodFilter } from './filter.js'
import type { TimeBucket } from './overview.js'
import type { Page, PageRequest } from './page.js'

export const ISSUE_STATUSES = ['open', 'resolved', 'ignored', 'regressed'] as const
export type IssueStatus = (typeof ISSUE_STATUSES)[number]

export interface Issue {
  /** A fingerprint, or what its redirect leads to. */
  id: string
  /** `regressed`: seen again after it was resolved. */
  status: IssueStatus
  statusChangedAt: string | null
  /** Of the sample. */
  title: string
  errorType: string | null
  server: string | null
  tool: string | null
  /** Over all time; the other numbers are of the period. */
  firstSeen: string
  lastSeen: string
  count: number
  users: number
  sessions: number
  sampleEventId: string
}

export interface IssueDetail extends Issue {
  fingerprints: string[]
  /** The parametrized message that the events have in common; null when it is not known. */
  template: string | null
  samples: { eventId: string; sessionId: string; start: string; message: string | null; stack: string | null }[]
  trend: { bucketMs: number; buckets: Pick<TimeBucket, 'start' | 'errors'>[] }
}

export type IssueSort = 'last_seen' | 'first_seen' | 'count'

export interface IssueReads {
  /** Issues with events in the period. @throws InvalidCursorError */
  listIssues(
    filter: Omit<PeriodFilter, 'status'> & { issueStatus?: IssueStatus },
    page: PageRequest & { sort?: IssueSort },
  ): Promise<Page<Issue>>
  /** Null when the project never had it; numbers of the period may be 0. */
  getIssue(filter: Omit<PeriodFilter, 'status'>, id: string): Promise<IssueDetail | null>
}

export interface IssueWrites {
  /** The issue's status from now on. */
  setIssueStatus(project: string, id: string, status: Exclude<IssueStatus, 'regressed'>): Promise<void>
  /** Makes the events of a fingerprint part of another issue; of its own one again when both are the same. */
  redirectIssue(project: string, fingerprint: string, issue: string): Promise<void>
}
