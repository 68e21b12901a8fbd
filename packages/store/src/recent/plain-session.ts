import type { SessionRules } from '@mcpcat/sessions'
import { assembleSessions } from '@mcpcat/sessions'
import type { KnownSession } from '../known-session.js'
import type { SessionRows } from '../session-rows.js'
import { CountedEvents } from './counted-events.js'
import type { RecentKey } from './recent-key.js'
import type { Successions } from './successions.js'

/** A key whose one session is all that it ever had: as most are, and of these nobody has to ask what is no session any more. */
export interface PlainKey extends RecentKey {
  readonly strands: { readonly runs: CountedEvents } & RecentKey['strands']
  readonly sessions: KnownSession | undefined
}

export function isPlain(key: RecentKey, history: Successions): key is PlainKey {
  const { strands, sessions: known, isMixed } = key
  if (isMixed || strands === undefined || strands instanceof Set || known instanceof Map) return false
  const { runs } = strands
  return (
    runs instanceof CountedEvents && (!known || (beginsAs(runs, known) && !history.hasSuperseded(known.session_id)))
  )
}

function beginsAs({ start, firstEventId }: CountedEvents, known: KnownSession): boolean {
  return known.start === start && known.first_event_id === firstEventId
}

export function tellPlain(
  { project, key, strands, sessions: known }: PlainKey,
  rules: SessionRules,
  rows: SessionRows,
): void {
  const { runs: events } = strands
  const fragments = [events]
  // The id of what is known is not computed again.
  const before = known ? [{ id: known.session_id, fragments }] : []
  for (const assembled of assembleSessions(key, fragments, rules, before))
    rows.tell(project, { assembled, key, islandEvents: events.eventCount }, NONE, known)
}

const NONE: readonly string[] = []
