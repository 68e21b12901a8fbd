/** What a session was for, as one run of categorization says. */
export interface SessionGoal {
  sessionId: string
  /** Id of the goal; stays when it is renamed. */
  category: string
  name: string
  /** For example `success` or `failure`; empty when it was not judged. */
  outcome: string
  reasoning: string
  /** What decided: `rule`, `cluster`, `model`, `person`. */
  method: string
  /** Of a model; otherwise empty. */
  model: string
  /** Of the session that was looked at, see {@link SessionToCategorize}. */
  contentHash: string
}

/** A session that ended, and whose goal is not of what it now says. */
export interface SessionToCategorize {
  id: string
  end: string
  contentHash: string
}

export interface GoalReads {
  /**
   * Sessions whose last event is at least 30 minutes and a grace of 2 minutes before `before` (ISO 8601),
   * and which have no goal or one of other content; longest ended first.
   */
  sessionsToCategorize(project: string, options: { before: string; limit: number }): Promise<SessionToCategorize[]>
}

export interface GoalWrites {
  /**
   * Replaces the goals of these sessions.
   *
   * @param run orders runs: a later one replaces an earlier one, whichever was written first. Default: now, in milliseconds.
   */
  setSessionGoals(project: string, goals: readonly SessionGoal[], run?: number): Promise<void>
}
