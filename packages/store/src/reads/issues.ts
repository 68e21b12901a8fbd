import type { Issue, IssueReads, IssueStatus } from '../reading/issues.js'
import { isoTime } from '../timestamps.js'
import type { Read } from './bounded.js'
import { countedEvents } from './counted-events.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import type { Range } from './filter-parameters.js'
import { rangeOf } from './filter-parameters.js'
import { pageOf } from './paging.js'
import type { EventPlace } from './sessions-of-events.js'
import { placeId, sessionsOfEvents } from './sessions-of-events.js'
import { bucketsOf, bucketWidth } from './timeseries.js'

export function issueReads(read: Read): IssueReads {
  return {
    async listIssues({ issueStatus, ...filter }, page) {
      const sort = page.sort ?? 'last_seen'
      const list = `issues ${sort}`
      const after = decodeCursor(list, page.cursor)
      const records = await read<IssueRecord>('list-issues', {
        ...(await countedEvents(read, { ...filter, status: 'error' })),
        issue_status: issueStatus ?? '',
        sort,
        cursor_value: BigInt(after.value),
        cursor_id: after.id,
        limit: page.limit + 1,
      })
      return pageOf(records, page.limit, issue, (record) =>
        encodeCursor(list, { value: record.sort_value, id: record.id }),
      )
    },

    async getIssue(filter, id) {
      const [known] = await read<KnownIssue>('get-issue', { project: filter.project, id })
      if (!known) return null
      const { fingerprints } = known
      const range = rangeOf(filter)
      const events = { ...(await countedEvents(read, { ...filter, status: 'error' })), fingerprints }
      const [totals] = await read<{ count: string; users: string; sessions: string }>('issue-totals', events)
      const bucket = bucketWidth(range)
      const buckets = await read<{ bucket: string; errors: string }>('issue-buckets', { ...events, bucket })
      const errors = new Map(buckets.map((row) => [BigInt(row.bucket), Number(row.errors)]))
      const samples = await samplesOf(filter.project, fingerprints, range, BigInt(known.last_ns))
      const [newest] = samples
      const sessions = await sessionsOfEvents(read, filter.project, samples)
      return {
        ...issue({
          ...known,
          count: totals?.count ?? '0',
          users: totals?.users ?? '0',
          sessions: totals?.sessions ?? '0',
          sample_id: newest?.event_id ?? '',
          sample_message: newest?.error_message ?? '',
          sample_type: newest?.error_type ?? '',
          sample_server: newest?.server_name ?? '',
          sample_tool: newest?.target ?? '',
          sort_value: '0',
        }),
        fingerprints,
        template: known.template || null,
        samples: samples.map((sample) => ({
          eventId: sample.event_id,
          sessionId: sessions.get(placeId(sample))?.session_id ?? '',
          start: isoTime(BigInt(sample.start_ns)),
          message: sample.error_message || null,
          stack: sample.error_stack || null,
        })),
        trend: {
          bucketMs: Number(bucket / 1_000_000n),
          buckets: Array.from(bucketsOf(range, bucket), (number) => ({
            start: isoTime(number * bucket),
            errors: errors.get(number) ?? 0,
          })),
        },
      }
    },
  }

  /** Of the period, or, when it had none there, of the day in which it was seen last. */
  async function samplesOf(
    project: string,
    fingerprints: readonly string[],
    range: Range,
    last: bigint,
  ): Promise<SampleRecord[]> {
    const within = { ...(await countedEvents(read, { project, status: 'error' }, range)), fingerprints }
    const samples = await read<SampleRecord>('issue-samples', within)
    if (samples.length > 0) return samples
    const around = { from: last > DAY ? last - DAY : 0n, to: last + 1n }
    return await read<SampleRecord>('issue-samples', {
      ...(await countedEvents(read, { project, status: 'error' }, around)),
      fingerprints,
    })
  }
}

const DAY = 86_400_000_000_000n

interface SampleRecord extends EventPlace {
  event_id: string
  error_type: string
  error_message: string
  error_stack: string
  server_name: string
  target: string
}

/** What is known of an issue without its events of a period. */
interface KnownIssue {
  id: string
  fingerprints: string[]
  template: string
  first_ns: string
  last_ns: string
  said: string
  said_ms: string
  status: IssueStatus
}

interface IssueRecord extends Omit<KnownIssue, 'fingerprints' | 'template'> {
  count: string
  users: string
  sessions: string
  sample_id: string
  sample_message: string
  sample_type: string
  sample_server: string
  sample_tool: string
  sort_value: string
}

function issue(record: IssueRecord): Issue {
  return {
    id: record.id,
    status: record.status,
    statusChangedAt: record.said === '' ? null : new Date(Number(record.said_ms)).toISOString(),
    title: titleOf(record),
    errorType: record.sample_type || null,
    server: record.sample_server || null,
    tool: record.sample_tool || null,
    firstSeen: isoTime(BigInt(record.first_ns)),
    lastSeen: isoTime(BigInt(record.last_ns)),
    count: Number(record.count),
    users: Number(record.users),
    sessions: Number(record.sessions),
    sampleEventId: record.sample_id,
  }
}

const TITLE_LENGTH = 200

function titleOf({ sample_type, sample_message }: IssueRecord): string {
  const [line = ''] = sample_message.split('\n', 1)
  const title = [sample_type, line].filter(Boolean).join(': ')
  return title.length > TITLE_LENGTH ? `${title.slice(0, TITLE_LENGTH - 1)}…` : title
}
