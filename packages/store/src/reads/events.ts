import type { EventReads } from '../reading/events.js'
import type { Read } from './bounded.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import type { EventRecord } from './event-record.js'
import { eventDetail, sessionEvent } from './event-record.js'
import { pageOf } from './paging.js'
import { pieces } from '../pieces.js'
import type { SessionParts } from './session-record.js'
import { placeId, sessionsOfEvents } from './sessions-of-events.js'
import { liveSession } from './sessions.js'

/** Of a span: its trace id, and its own. */
const EVENT_ID = /^([0-9a-f]{32})-[0-9a-f]{16}$/

export function eventReads(read: Read): EventReads {
  return {
    async listSessionEvents(project, sessionId, page) {
      const after = decodeCursor('events', page.cursor)
      const record = await liveSession<SessionParts>(read, 'get-session-parts', project, sessionId)
      if (!record) return { items: [], nextCursor: null }
      const id = record.session_id
      const records: EventRecord[] = []
      for (const parts of pieces(partsFrom(record, BigInt(after.value)), textOfPart)) {
        const [earliest] = parts
        const last = records[page.limit]
        // In order of start: whatever is still to come begins later than the page ends.
        if (earliest && last && BigInt(last.start_ns) < earliest.start) break
        const found = await read<EventRecord>('list-session-events', {
          project,
          own_keys: parts.map(({ ownKey }) => ownKey),
          scopes: parts.map(({ scope }) => scope),
          starts: parts.map(({ start }) => start),
          ends: parts.map(({ end }) => end),
          first: BigInt(record.start_ns),
          last: BigInt(record.end_ns),
          cursor_value: BigInt(after.value),
          cursor_id: after.id,
          limit: page.limit + 1,
        })
        records.push(...found)
        records.sort(byStart)
      }
      return pageOf(
        records,
        page.limit,
        (event) => sessionEvent(event, id),
        (event) => encodeCursor('events', { value: event.start_ns, id: event.event_id }),
      )
    },

    async getEvent(project, id) {
      const [record] = await read<EventRecord>('get-event', { project, id, trace_id: EVENT_ID.exec(id)?.[1] ?? '' })
      if (!record) return null
      const sessions = await sessionsOfEvents(read, project, [record])
      return eventDetail(record, sessions.get(placeId(record))?.session_id ?? '')
    },
  }
}

/** The events of one strand within one fragment of a session. */
interface Part {
  readonly ownKey: string
  readonly scope: string
  readonly start: bigint
  readonly end: bigint
}

/** The parts of a session that reach to this time or beyond it, in order of start. */
function partsFrom(record: SessionParts, time: bigint): Part[] {
  return record.part_own_keys
    .map((ownKey, index) => ({
      ownKey,
      scope: record.part_scopes[index] ?? '',
      start: BigInt(record.part_starts_ns[index] ?? 0),
      end: BigInt(record.part_ends_ns[index] ?? 0),
    }))
    .filter(({ end }) => end >= time)
    .toSorted((a, b) => Number(a.start - b.start))
}

function textOfPart({ ownKey, scope, start }: Part): string {
  const time = String(start)
  return [ownKey, scope, time].reduce((longest, text) => (text.length > longest.length ? text : longest))
}

/** As the pages are ordered. */
function byStart(a: EventRecord, b: EventRecord): number {
  const pause = Number(BigInt(a.start_ns) - BigInt(b.start_ns))
  return pause !== 0 ? pause : a.event_id < b.event_id ? -1 : 1
}
