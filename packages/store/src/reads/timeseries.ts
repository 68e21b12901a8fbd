import type { PeriodFilter } from '../reading/filter.js'
import type { TimeBucket, Timeseries } from '../reading/overview.js'
import { isoTime } from '../timestamps.js'
import type { Read } from './bounded.js'
import { countedEvents, milliseconds } from './counted-events.js'
import type { Range } from './filter-parameters.js'
import { rangeOf, sessionParameters } from './filter-parameters.js'

const MILLISECOND = 1_000_000n
const SECOND = 1000n * MILLISECOND
const MINUTE = 60n * SECOND
const HOUR = 60n * MINUTE
const DAY = 24n * HOUR

/** Widths that people count in. */
const WIDTHS = [SECOND, 10n * SECOND, MINUTE, 5n * MINUTE, 15n * MINUTE, HOUR, 6n * HOUR, DAY, 7n * DAY, 28n * DAY]
const MOST_BUCKETS = 150n

/** The least width, in nanoseconds, that cuts the range into few enough buckets. */
export function bucketWidth({ from, to }: Range): bigint {
  const length = to - from
  return WIDTHS.find((width) => length / width <= MOST_BUCKETS) ?? (length / MOST_BUCKETS / DAY + 1n) * DAY
}

/** The number of every bucket that the range reaches into. */
export function* bucketsOf({ from, to }: Range, width: bigint): Generator<bigint> {
  for (let bucket = from / width; bucket * width < to; bucket++) yield bucket
}

interface EventBucket {
  bucket: string
  calls: string
  failed_calls: string
  errors: string
  p95: string
}

export async function timeseriesOf(read: Read, filter: PeriodFilter): Promise<Timeseries> {
  const range = rangeOf(filter)
  const width = bucketWidth(range)
  const events = await read<EventBucket>('buckets-of-events', {
    ...(await countedEvents(read, filter)),
    bucket: width,
  })
  const sessions = await read<{ bucket: string; sessions: string }>('buckets-of-sessions', {
    ...sessionParameters(filter),
    bucket: width,
  })
  const eventsOf = new Map(events.map((row) => [BigInt(row.bucket), row]))
  const sessionsOf = new Map(sessions.map((row) => [BigInt(row.bucket), row.sessions]))
  return {
    bucketMs: Number(width / MILLISECOND),
    buckets: Array.from(bucketsOf(range, width), (bucket): TimeBucket => {
      const row = eventsOf.get(bucket)
      const calls = Number(row?.calls ?? 0)
      return {
        start: isoTime(bucket * width),
        sessions: Number(sessionsOf.get(bucket) ?? 0),
        calls,
        failedCalls: Number(row?.failed_calls ?? 0),
        errors: Number(row?.errors ?? 0),
        p95Ms: milliseconds(row?.p95, calls),
      }
    }),
  }
}
