import type { ScopeMember, Strand } from '@mcpcat/sessions'

/** A strand as the store knows it within one scope. */
export interface StoredStrand extends ScopeMember {
  /** Hash of the key by the strand's own evidence. */
  readonly ownKey: string
  /** Latest end of its events, in nanoseconds. */
  readonly lastEnd: bigint
  /**
   * False where the strand only lends its identity to the scope: events with a handle belong to their
   * handle's scope, yet tell whose their raw session is.
   */
  readonly belongs: boolean
}

/** A row of `strands-of-scopes.sql` and `strands-of-actors.sql`. */
export interface StrandRow {
  scope: string
  own_key: string
  rung: string
  actor: string
  user_id: string
  client_name: string
  first_start: string
  first_event_id: string
  last_end_ns: string
}

/** The strands of each scope. */
export function strandsByScope(project: string, rows: readonly StrandRow[]): Map<string, StoredStrand[]> {
  const scopes = new Map<string, StoredStrand[]>()
  for (const row of rows) {
    const strand = storedStrand(project, row)
    const strands = scopes.get(row.scope)
    if (strands) strands.push(strand)
    else scopes.set(row.scope, [strand])
  }
  return scopes
}

function storedStrand(project: string, row: StrandRow): StoredStrand {
  const belongs = row.scope.startsWith('handle:') || row.rung !== 'handle'
  return {
    strand: {
      project,
      scope: belongs ? row.scope : `handle:${row.actor}`,
      raw: row.scope.startsWith('handle:') ? '' : row.scope,
      rung: row.rung,
      actor: row.actor,
      user: row.user_id,
      client: row.client_name,
    },
    ownKey: row.own_key,
    firstStart: BigInt(row.first_start),
    firstEventId: row.first_event_id,
    lastEnd: BigInt(row.last_end_ns),
    belongs,
  }
}

/** Where a strand tells whose the scope is: its own, and its raw session when it has a handle beside. */
export function scopesOf({ scope, raw }: Strand): string[] {
  if (scope === raw || raw === '') return scope === '' ? [] : [scope]
  return scope === '' ? [raw] : [scope, raw]
}
