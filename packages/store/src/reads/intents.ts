import type { Parameters } from '../engine.js'
import type { SessionFilter } from '../reading/filter.js'
import type { Intent, IntentReads, IntentSignal } from '../reading/intents.js'
import { isoTime } from '../timestamps.js'
import type { Read } from './bounded.js'
import { countedEvents } from './counted-events.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import { rangeBefore, rangeOf, searchOf, wordsOf } from './filter-parameters.js'
import { pageOf } from './paging.js'
import type { EventPlace, PlacedSession } from './sessions-of-events.js'
import { placeId, sessionsOfEvents } from './sessions-of-events.js'
import { snippetOf } from './snippet.js'
import { newestRows, slicesBack, sliceUntil } from './windows.js'

interface IntentRecord extends EventPlace {
  event_id: string
  intent: string
  method: string
  target: string
  is_error: boolean
}

/** @param now milliseconds since the epoch. */
export function intentReads(read: Read, now: () => number): IntentReads {
  return {
    async listIntents(filter, page) {
      const after = decodeCursor('intents', page.cursor)
      const range = sliceUntil(rangeOf(filter), after)
      const records = await newestRows(
        slicesBack(range, BigInt(now()) * 1_000_000n),
        page.limit + 1,
        async (slice, limit, isFirst) =>
          await read<IntentRecord>('list-intents', {
            ...(await countedEvents(read, withoutSearch(filter), slice)),
            ...intentParameters(filter),
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
        (record) => encodeCursor('intents', { value: record.start_ns, id: record.event_id }),
      )
      const sessions = await sessionsOfEvents(read, filter.project, shown)
      const words = wordsOf(filter.q)
      return { items: shown.map((record) => intent(record, sessions.get(placeId(record)), words)), nextCursor }
    },

    async intentFacets(filter) {
      const rows = await read<{ tool: string; is_error: boolean; count: string }>('intent-facets', {
        ...(await countedEvents(read, withoutSearch(filter))),
        ...intentParameters(filter),
      })
      const tools = new Map<string, number>()
      const outcomes = { ok: 0, error: 0 }
      for (const row of rows) {
        const count = Number(row.count)
        outcomes[row.is_error ? 'error' : 'ok'] += count
        if (row.tool !== '') tools.set(row.tool, (tools.get(row.tool) ?? 0) + count)
      }
      return {
        total: outcomes.ok + outcomes.error,
        tool: Array.from(tools, ([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count),
        outcome: [
          { value: 'ok', count: outcomes.ok },
          { value: 'error', count: outcomes.error },
        ],
      }
    },

    async intentSignals(filter, limit) {
      const range = rangeOf(filter)
      const rows = await read<SignalRecord>('intent-signals', {
        ...(await countedEvents(read, withoutSearch(filter), { from: rangeBefore(range).from, to: range.to })),
        ...intentParameters(filter),
        middle: range.from,
        limit,
      })
      return {
        new: rows.filter(({ is_new }) => is_new === 1).map(signal),
        gone: rows.filter(({ is_new }) => is_new === 0).map(signal),
      }
    },
  }
}

interface SignalRecord {
  is_new: number
  example: string
  count: string
  users: string
  tools: string[]
  last_ns: string
}

function signal(record: SignalRecord): IntentSignal {
  return {
    example: record.example,
    count: Number(record.count),
    users: Number(record.users),
    tools: record.tools,
    lastSeen: isoTime(BigInt(record.last_ns)),
  }
}

/** The search is for intents here, not for sessions. */
function withoutSearch<Filter extends SessionFilter>(filter: Filter): Omit<Filter, 'q'> {
  const { q: _, ...rest } = filter
  return rest
}

function intentParameters({ q }: SessionFilter): Parameters {
  const { patterns, others } = searchOf(q)
  return {
    any_intent: patterns[0] === '',
    words: others,
    like_1: patterns[0],
    like_2: patterns[1],
    like_3: patterns[2],
  }
}

function intent(record: IntentRecord, session: PlacedSession | undefined, words: readonly string[]): Intent {
  return {
    eventId: record.event_id,
    sessionId: session?.session_id ?? '',
    start: isoTime(BigInt(record.start_ns)),
    intent: record.intent,
    ...snippetOf(record.intent, words),
    method: record.method,
    target: record.target || null,
    isError: record.is_error,
    client: session?.client_name || null,
    user: session?.user_id || null,
  }
}
