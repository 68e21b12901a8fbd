import type { KnownSession } from '../known-session.js'

/** Which sessions superseded which, as far as rows that are held say. */
export interface Successions {
  /** Such a row is in the table; `supersededBy` is empty while it is a session. */
  record(row: KnownSession, supersededBy: string): void
  /** The session's row is not held any more. */
  forget(id: string): void
  hasSuperseded(id: string): boolean
  /** The rows, and those of all that they superseded, by id. */
  withSuperseded(rows: Iterable<KnownSession>, found: Map<string, KnownSession>): void
}

export function successions(): Successions {
  // Rows by the session that superseded them, and the way back.
  const superseded = new Map<string, Map<string, KnownSession>>()
  const successors = new Map<string, string>()

  function withdraw(id: string): void {
    // Mostly no session ever was another one.
    if (successors.size === 0) return
    const successor = successors.get(id)
    if (successor === undefined) return
    successors.delete(id)
    superseded.get(successor)?.delete(id)
  }

  return {
    record(row, supersededBy) {
      withdraw(row.session_id)
      if (supersededBy === '') return
      successors.set(row.session_id, supersededBy)
      const earlier = superseded.get(supersededBy)
      if (earlier) earlier.set(row.session_id, row)
      else superseded.set(supersededBy, new Map([[row.session_id, row]]))
    },
    forget(id) {
      superseded.delete(id)
      withdraw(id)
    },
    hasSuperseded: (id) => superseded.size > 0 && (superseded.get(id)?.size ?? 0) > 0,
    withSuperseded(rows, found) {
      const pending = [...rows]
      for (let row = pending.pop(); row; row = pending.pop()) {
        if (found.has(row.session_id)) continue
        found.set(row.session_id, row)
        for (const earlier of superseded.get(row.session_id)?.values() ?? []) pending.push(earlier)
      }
    },
  }
}
