import type { PeopleReads, UserStats } from '../reading/people.js'
import { isoTime } from '../timestamps.js'
import type { Read } from './bounded.js'
import { countedEvents } from './counted-events.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import { rangeOf, sessionParameters } from './filter-parameters.js'
import { pageOf } from './paging.js'
import type { EventPlace } from './sessions-of-events.js'
import { placeId, sessionsOfEvents } from './sessions-of-events.js'
import { newestRows, slicesBack, sliceUntil } from './windows.js'

/** @param now milliseconds since the epoch. */
export function peopleReads(read: Read, now: () => number): PeopleReads {
  return {
    async listUsers(filter, page) {
      const after = decodeCursor('users', page.cursor)
      const records = await read<UserRecord>('list-users', {
        ...sessionParameters(filter),
        cursor_value: BigInt(after.value),
        cursor_id: after.id,
        limit: page.limit + 1,
      })
      return pageOf(records, page.limit, userStats, (record) =>
        encodeCursor('users', { value: record.last_ns, id: record.id }),
      )
    },

    async getUser(filter, id) {
      const sessions = sessionParameters({ ...filter, user: id })
      const [record] = await read<UserRecord>('list-users', { ...sessions, cursor_value: 0n, cursor_id: '', limit: 1 })
      if (!record) return null
      const tools = await read<{ name: string; sessions: string }>('tools-of-sessions', { ...sessions, limit: 200 })
      return {
        ...userStats(record),
        traits: record.traits,
        servers: record.servers,
        tools: tools.map((tool) => ({ name: tool.name, sessions: Number(tool.sessions) })),
      }
    },

    async listClients(filter, limit) {
      const rows = await read<ClientRecord>('list-clients', { ...sessionParameters(filter), limit })
      return rows.map((row) => ({
        name: row.name,
        versions: row.versions,
        sessions: Number(row.sessions),
        users: Number(row.users),
        calls: Number(row.calls),
        errors: Number(row.errors),
        lastSeen: isoTime(BigInt(row.last_ns)),
      }))
    },

    async listMissingTools(filter, page) {
      const after = decodeCursor('missing', page.cursor)
      const range = sliceUntil(rangeOf(filter), after)
      const records = await newestRows(
        slicesBack(range, BigInt(now()) * 1_000_000n),
        page.limit + 1,
        async (slice, limit, isFirst) =>
          await read<MissingRecord>('list-missing-tools', {
            ...(await countedEvents(read, filter, slice)),
            cursor_value: BigInt(after.value),
            cursor_id: after.id,
            limit,
            // The first has too few of them: so have the others.
            many: isFirst,
          }),
      )
      const { items: shown, nextCursor } = pageOf(
        records,
        page.limit,
        (record) => record,
        (record) => encodeCursor('missing', { value: record.start_ns, id: record.event_id }),
      )
      const sessions = await sessionsOfEvents(read, filter.project, shown)
      return {
        items: shown.map((record) => {
          const session = sessions.get(placeId(record))
          return {
            eventId: record.event_id,
            sessionId: session?.session_id ?? '',
            start: isoTime(BigInt(record.start_ns)),
            request: record.request || null,
            intent: record.intent || null,
            client: session?.client_name || null,
            user: session?.user_id || null,
          }
        }),
        nextCursor,
      }
    },
  }
}

interface UserRecord {
  id: string
  name: string
  sessions: string
  calls: string
  errors: string
  first_ns: string
  last_ns: string
  clients: string[]
  servers: string[]
  traits: Record<string, string>
}

interface ClientRecord {
  name: string
  versions: string[]
  sessions: string
  users: string
  calls: string
  errors: string
  last_ns: string
}

interface MissingRecord extends EventPlace {
  event_id: string
  request: string
  intent: string
}

function userStats(record: UserRecord): UserStats {
  return {
    id: record.id,
    name: record.name || null,
    sessions: Number(record.sessions),
    calls: Number(record.calls),
    errors: Number(record.errors),
    firstSeen: isoTime(BigInt(record.first_ns)),
    lastSeen: isoTime(BigInt(record.last_ns)),
    clients: record.clients,
  }
}
