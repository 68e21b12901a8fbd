import type { Engine } from '../engine.js'
import { sql } from '../sql-files.js'

/** What `verify` found of one project. */
export interface ProjectReport {
  readonly project: string
  /** Deduplicated. */
  readonly events: number
  readonly sessions: number
  /** For people, one line each; empty when all is well. */
  readonly problems: string[]
}

/**
 * Checks the store against what it promises: every event is in exactly one live session, the
 * sessions' counters add up to the events, every superseded id leads to a live session. Reads all
 * of it: minutes for a large store.
 */
export async function verify(engine: Engine): Promise<ProjectReport[]> {
  const events = await engine.query<{ project: string; events: string; misplaced: string }>(
    sql('count-misplaced-events'),
  )
  const sessions = await engine.query<{ project: string; sessions: string; counted_events: string; dangling: string }>(
    sql('count-wrong-sessions'),
  )
  const projects = [...new Set([...events, ...sessions].map(({ project }) => project))]
  return projects.map((project) => {
    const stored = events.find((row) => row.project === project)
    const derived = sessions.find((row) => row.project === project)
    const eventCount = Number(stored?.events ?? 0)
    const counted = Number(derived?.counted_events ?? 0)
    const misplaced = Number(stored?.misplaced ?? 0)
    const dangling = Number(derived?.dangling ?? 0)
    return {
      project,
      events: eventCount,
      sessions: Number(derived?.sessions ?? 0),
      problems: [
        ...(misplaced > 0 ? [`${misplaced} events are not in exactly one session: run reconcile`] : []),
        ...(counted === eventCount ? [] : [`sessions count ${counted} events, there are ${eventCount}: run reconcile`]),
        ...(dangling > 0 ? [`${dangling} superseded session ids lead nowhere: run reconcile`] : []),
      ],
    }
  })
}
