import type { Engine } from '../engine.js'
import type { IssueWrites } from '../reading/issues.js'
import { clickhouseTime } from '../timestamps.js'

export function issueWrites(engine: Engine, now: () => number): IssueWrites {
  const changedAt = (): string => clickhouseTime(BigInt(now()) * 1_000_000n)
  return {
    async setIssueStatus(project, issue, status) {
      await engine.insert('issue_status', JSON.stringify({ project, issue, status, changed_at: changedAt() }))
    },
    async redirectIssue(project, fingerprint, issue) {
      await engine.insert('issue_redirects', JSON.stringify({ project, fingerprint, issue, changed_at: changedAt() }))
    },
  }
}
