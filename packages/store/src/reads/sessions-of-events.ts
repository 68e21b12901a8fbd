import { firstSessionIdAt } from '@mcpcat/sessions'
import type { Read } from './bounded.js'

/** Where an event lies: its strand, and when it starts. */
export interface EventPlace {
  own_key: string
  scope: string
  start_ns: string
}

/** What the session of an event says of who was there. */
export interface PlacedSession {
  session_id: string
  user_id: string
  client_name: string
}

/** The live session of each event, by {@link placeId}. */
export async function sessionsOfEvents(
  read: Read,
  project: string,
  events: readonly EventPlace[],
): Promise<Map<string, PlacedSession>> {
  if (events.length === 0) return new Map()
  const starts = events.map((event) => BigInt(event.start_ns))
  const from = starts.reduce((least, start) => (start < least ? start : least))
  const to = starts.reduce((greatest, start) => (start > greatest ? start : greatest))
  const rows = await read<PlacedSession & { own_key: string; scope: string; start: string }>('sessions-of-events', {
    project,
    own_keys: events.map((event) => event.own_key),
    scopes: events.map((event) => event.scope),
    starts,
    from,
    to,
    before_id: firstSessionIdAt(Number(to / 1_000_000n) + 1),
  })
  return new Map(rows.map((row) => [placeId({ ...row, start_ns: row.start }), row]))
}

export function placeId({ own_key, scope, start_ns }: EventPlace): string {
  return `${own_key} ${scope} ${start_ns}`
}
