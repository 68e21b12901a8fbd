import type { GoalReads } from '../reading/goals.js'
import { isoTime, nanosecondsOf } from '../timestamps.js'
import type { Read } from './bounded.js'

/** Without an event for so long a session is over; an event that comes a little late is still taken in. */
const INACTIVE = (30n + 2n) * 60_000_000_000n

export function goalReads(read: Read): GoalReads {
  return {
    async sessionsToCategorize(project, { before, limit }) {
      const rows = await read<{ id: string; end_ns: string; content_hash: string }>('sessions-to-categorize', {
        project,
        ended_before: nanosecondsOf(before) - INACTIVE,
        limit,
      })
      return rows.map((row) => ({ id: row.id, end: isoTime(BigInt(row.end_ns)), contentHash: row.content_hash }))
    },
  }
}
