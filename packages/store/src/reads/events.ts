import type { EventReads } from '../reading/events.js'
import type { Read } from './bounded.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import type { EventRecord } from './event-record.js'
import { eventDetail, sessionEvent } from './event-record.js'
import { pageOf } from './paging.js'
import { placeId, sessionsOfEvents } from './sessions-of-events.js'
import { liveSession } from './sessions.js'

export function eventReads(read: Read): EventReads {
  return {
    async listSessionEvents(project, sessionId, page) {
      const after = decodeCursor('events', page.cursor)
      const record = await liveSession(read, project, sessionId)
      if (!record) return { items: [], nextCursor: null }
      const id = record.session_id
      const records = await read<EventRecord>('list-session-events', {
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
      return pageOf(
        records,
        page.limit,
        (event) => sessionEvent(event, id),
        (event) => encodeCursor('events', { value: event.start_ns, id: event.event_id }),
      )
    },

    async getEvent(project, id) {
      const [place] = await read<{ start_ns: string; own_key: string }>('find-event', { project, id })
      if (!place) return null
      const [record] = await read<EventRecord>('get-event', {
        project,
        id,
        start: BigInt(place.start_ns),
        own_key: place.own_key,
      })
      if (!record) return null
      const sessions = await sessionsOfEvents(read, project, [record])
      return eventDetail(record, sessions.get(placeId(record))?.session_id ?? '')
    },
  }
}
