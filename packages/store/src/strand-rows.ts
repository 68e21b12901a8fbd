import type { ScopeMember } from '@mcpcat/sessions'
import type { EventRow } from './event-row.js'

/** A strand as the store knows it. */
export interface StoredStrand extends ScopeMember {
  /** Hash of the key by the strand's own evidence. */
  readonly ownKey: string
}

/** A row of `strands-of-scopes.sql` and `strands-of-keys.sql`. */
export interface StrandRow {
  scope: string
  own_key: string
  rung: string
  actor: string
  user_id: string
  client_name: string
  first_start: string
  first_event_id: string
}

export function storedStrand(project: string, row: StrandRow): StoredStrand {
  return {
    strand: {
      project,
      scope: row.scope,
      rung: row.rung,
      actor: row.actor,
      user: row.user_id,
      client: row.client_name,
    },
    ownKey: row.own_key,
    firstStart: BigInt(row.first_start),
    firstEventId: row.first_event_id,
  }
}

/** What a batch says about its scopes, as lines of JSON for the table `strands`; empty when all are stateless. */
export function strandRows(events: readonly EventRow[]): string {
  const earliest = new Map<string, { event: EventRow; lastEnd: bigint }>()
  for (const event of events) {
    if (event.strand.scope === '') continue
    const id = JSON.stringify([event.strand, event.ownKey])
    const known = earliest.get(id)
    if (!known) {
      earliest.set(id, { event, lastEnd: event.end })
      continue
    }
    if (event.end > known.lastEnd) known.lastEnd = event.end
    const first = known.event
    if (event.start < first.start || (event.start === first.start && event.eventId < first.eventId)) known.event = event
  }
  return [...earliest.values()]
    .map(({ event, lastEnd }) =>
      JSON.stringify({
        project: event.strand.project,
        scope: event.strand.scope,
        own_key: event.ownKey,
        rung: event.strand.rung,
        actor: event.strand.actor,
        user_id: event.strand.user,
        client_name: event.strand.client,
        first: { start: event.start.toString(), event_id: event.eventId },
        last_end: lastEnd.toString(),
      }),
    )
    .join('\n')
}
