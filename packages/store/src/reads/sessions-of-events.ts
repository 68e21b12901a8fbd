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
  const fragments = await read<Fragment>('sessions-of-events', {
    project,
    own_keys: [...new Set(events.map((event) => event.own_key))],
    scopes: [...new Set(events.map((event) => event.scope))],
    starts: [...new Set(starts)],
    from,
    to,
    before_id: firstSessionIdAt(Number(to / 1_000_000n) + 1),
  })
  const ofStrands = Map.groupBy(fragments, strandId)
  const sessions = new Map<string, PlacedSession>()
  for (const event of events) {
    const start = BigInt(event.start_ns)
    const holding = ofStrands
      .get(strandId(event))
      ?.find(({ first_ns, last_ns }) => BigInt(first_ns) <= start && start <= BigInt(last_ns))
    if (holding) sessions.set(placeId(event), holding)
  }
  return sessions
}

/** Of a session, a run of events of one strand. */
interface Fragment extends PlacedSession {
  own_key: string
  scope: string
  first_ns: string
  last_ns: string
}

function strandId({ own_key, scope }: Pick<EventPlace, 'own_key' | 'scope'>): string {
  return `${own_key} ${scope}`
}

export function placeId({ own_key, scope, start_ns }: EventPlace): string {
  return `${strandId({ own_key, scope })} ${start_ns}`
}
