import type { SessionRules } from '@mcpcat/sessions'
import { firstSessionIdAt, linkedKey, linksOf } from '@mcpcat/sessions'
import { decodeCursor, encodeCursor } from './cursor.js'
import type { Engine } from './engine.js'
import type { EventDetail, Page, Session, SessionEvent, StoreReader } from './reading.js'
import type { EventRecord, SessionRecord } from './records.js'
import { eventDetail, session, sessionEvent } from './records.js'
import { sql } from './sql-files.js'
import type { StrandRow } from './strand-rows.js'
import { strandsByScope } from './strand-rows.js'
import { nanosecondsOf } from './timestamps.js'

/** @param now milliseconds since the epoch; decides which sessions are active. */
export function storeReader(engine: Engine, rules: SessionRules, now: () => number): StoreReader {
  async function sessionRecord(project: string, id: string): Promise<SessionRecord | undefined> {
    const [record] = await engine.query<SessionRecord>(sql('get-session'), { project, id })
    return record
  }

  async function sessionOfEvent(project: string, event: EventRecord): Promise<string> {
    let key = event.own_key
    if (event.scope !== '') {
      const rows = await engine.query<StrandRow>(sql('strands-of-scopes'), { project, scopes: [event.scope] })
      const strands = strandsByScope(project, rows).get(event.scope) ?? []
      const strand = strands.find(({ ownKey }) => ownKey === event.own_key)
      if (strand) key = linkedKey(strand.strand, linksOf(strands), rules).hash
    }
    const [row] = await engine.query<{ session_id: string }>(sql('session-of-event'), {
      project,
      keys: [key],
      own_key: event.own_key,
      scope: event.scope,
      start: BigInt(event.start_ns),
    })
    return row?.session_id ?? ''
  }

  return {
    async projects() {
      const rows = await engine.query<{ project: string }>(sql('list-projects'))
      return rows.map(({ project }) => project)
    },

    async listSessions(filter, page) {
      const sort = page.sort ?? 'start'
      const after = decodeCursor(sort, page.cursor)
      const to = filter.to === undefined ? 0n : nanosecondsOf(filter.to)
      const records = await engine.query<SessionRecord & { sort_value: string }>(sql('list-sessions'), {
        project: filter.project,
        sort,
        from: filter.from === undefined ? 0n : nanosecondsOf(filter.from),
        to,
        before_id: to === 0n ? 'ses_~' : firstSessionIdAt(Number(to / 1_000_000n) + 1),
        server: filter.server ?? '',
        client: filter.client ?? '',
        tool: filter.tool ?? '',
        user: filter.user ?? '',
        status: filter.status ?? '',
        source: filter.source ?? '',
        words: words(filter.q),
        cursor_value: BigInt(after.value),
        cursor_id: after.id,
        limit: page.limit + 1,
      })
      const current = now()
      return pageOf<SessionRecord & { sort_value: string }, Session>(
        records,
        page.limit,
        (record) => session(record, current),
        (record) => encodeCursor(sort, { value: record.sort_value, id: record.session_id }),
      )
    },

    async getSession(project, id) {
      const record = await sessionRecord(project, id)
      if (!record || record.is_deleted) return null
      return record.superseded_by === '' ? session(record, now()) : { supersededBy: record.superseded_by }
    },

    async listSessionEvents(project, sessionId, page) {
      const after = decodeCursor('events', page.cursor)
      let record = await sessionRecord(project, sessionId)
      if (record?.superseded_by) record = await sessionRecord(project, record.superseded_by)
      if (!record || record.is_deleted) return { items: [], nextCursor: null }
      const id = record.session_id
      const records = await engine.query<EventRecord>(sql('list-session-events'), {
        project,
        own_keys: record.part_own_keys,
        scopes: record.part_scopes,
        starts: record.part_starts_ns.map(BigInt),
        ends: record.part_ends_ns.map(BigInt),
        first: BigInt(record.start_ns),
        last: BigInt(record.end_ns),
        cursor_value: BigInt(after.value),
        cursor_id: after.id,
        limit: page.limit + 1,
      })
      return pageOf<EventRecord, SessionEvent>(
        records,
        page.limit,
        (event) => sessionEvent(event, id),
        (event) => encodeCursor('events', { value: event.start_ns, id: event.event_id }),
      )
    },

    async getEvent(project, id): Promise<EventDetail | null> {
      const [record] = await engine.query<EventRecord>(sql('get-event'), { project, id })
      return record ? eventDetail(record, await sessionOfEvent(project, record)) : null
    },
  }
}

function words(q: string | undefined): string[] {
  return (q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
}

/** Of `limit + 1` records, the page of `limit`, with a cursor when there is more. */
function pageOf<Row, Item>(
  records: readonly Row[],
  limit: number,
  item: (record: Row) => Item,
  cursor: (record: Row) => string,
): Page<Item> {
  const shown = records.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(item), nextCursor: records.length > limit && last ? cursor(last) : null }
}
