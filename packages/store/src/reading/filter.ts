import type { SessionSource } from '@mcpcat/semconv'

/**
 * What a read looks at. Who, how and why (`client`, `user`, `identified`, `source`, `goal`, `q`) choose
 * sessions; a read that counts events counts those of the chosen sessions. `server`, `tool`, `tags` and
 * `status` choose sessions that have such an event, and where events are counted, those events.
 */
export interface SessionFilter {
  project: string
  /** ISO 8601; sessions that overlap [from, to), events that start in it. */
  from?: string
  to?: string
  server?: string
  client?: string
  tool?: string
  user?: string
  /** Only sessions with a user, or only anonymous ones. */
  identified?: boolean
  /** Only sessions with errors, or only those without. */
  status?: 'error' | 'ok'
  /** Id of the goal that the session was given. */
  goal?: string
  source?: SessionSource
  tags?: Readonly<Record<string, string>>
  /** Words searched in intents, tools, client and user. */
  q?: string
}

/** A filter whose range is given on both sides. */
export interface PeriodFilter extends SessionFilter {
  from: string
  to: string
}
