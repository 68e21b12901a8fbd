import { firstSessionIdAt } from '@mcpcat/sessions'
import type { Parameters } from '../engine.js'
import type { SessionFilter } from '../reading/filter.js'
import type { SessionReads } from '../reading/sessions.js'
import type { Read } from './bounded.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import type { Position } from './cursor.js'
import { rangeOf, sessionParameters } from './filter-parameters.js'
import { pageOf } from './paging.js'
import type { GoalRecord, SessionRecord } from './session-record.js'
import { session } from './session-record.js'
import { newestRows, slicesBack } from './windows.js'

type ListedRecord = SessionRecord & { sort_value: string }

/** @param now milliseconds since the epoch; decides which sessions are active. */
export function sessionReads(read: Read, now: () => number): SessionReads {
  async function goalsOf(project: string, ids: readonly string[]): Promise<Map<string, GoalRecord>> {
    if (ids.length === 0) return new Map()
    const goals = await read<GoalRecord>('goals-of-sessions', { project, ids })
    return new Map(goals.map((goal) => [goal.session_id, goal]))
  }

  return {
    async listSessions(filter, page) {
      const sort = page.sort ?? 'start'
      const after = decodeCursor(sort, page.cursor)
      const limit = page.limit + 1
      const ask = (ids: Parameters, most: number): Promise<ListedRecord[]> =>
        read<ListedRecord>('list-sessions', {
          ...sessionParameters(filter),
          ...ids,
          sort,
          cursor_value: BigInt(after.value),
          cursor_id: after.id,
          limit: most,
        })
      const records = sort === 'start' ? await newestSessions(filter, after, limit, now(), ask) : await ask({}, limit)
      const { items: shown, nextCursor } = pageOf(
        records,
        page.limit,
        (record) => record,
        (record) => encodeCursor(sort, { value: record.sort_value, id: record.session_id }),
      )
      const ids = shown.map((record) => record.session_id)
      const goals = await goalsOf(filter.project, ids)
      const current = now()
      return { items: shown.map((record) => session(record, goals.get(record.session_id), current)), nextCursor }
    },

    async getSession(project, id) {
      const record = await liveSession<SessionRecord>(read, 'get-session', project, id)
      if (!record) return null
      if (record.session_id !== id) return { supersededBy: record.session_id }
      return session(record, (await goalsOf(project, [id])).get(id), now())
    },
  }
}

/**
 * The session, or the one that superseded it. A superseded id names the live session at once, except
 * for the moment in which several writers, or the shards of a cluster, are not of one mind.
 */
export async function liveSession<Row extends LiveOrNot>(
  read: Read,
  statement: 'get-session' | 'get-session-parts',
  project: string,
  id: string,
): Promise<Row | undefined> {
  let next = id
  for (let hops = 0; hops <= MOST_HOPS; hops++) {
    const [record] = await read<Row>(statement, { project, id: next })
    if (!record || record.is_deleted) return undefined
    if (record.superseded_by === '') return record
    next = record.superseded_by
  }
  return undefined
}

type LiveOrNot = Pick<SessionRecord, 'is_deleted' | 'superseded_by'>

const MOST_HOPS = 10

/** Ids sort by start, so that slices of time are slices of the table. */
async function newestSessions<Row>(
  filter: SessionFilter,
  after: Position,
  limit: number,
  nowMs: number,
  ask: (ids: Parameters, most: number) => Promise<Row[]>,
): Promise<Row[]> {
  const { to } = rangeOf(filter)
  const newest = after.id === '' || BigInt(after.value) > to ? to : BigInt(after.value)
  const slices = slicesBack({ from: 0n, to: newest }, BigInt(nowMs) * 1_000_000n)
  return await newestRows(slices, limit, (slice, most) =>
    ask(
      {
        first_id: slice.from === 0n ? '' : idAt(slice.from),
        // Of the last millisecond, too.
        before_id: slice.to === newest ? idAt(newest + MILLISECOND) : idAt(slice.to),
      },
      most,
    ),
  )
}

const MILLISECOND = 1_000_000n

function idAt(nanoseconds: bigint): string {
  return firstSessionIdAt(Number(nanoseconds / 1_000_000n))
}
