/**
 * What can be read from a store, in the shapes that the query API answers with: times ISO 8601
 * with the precision of the source, durations in fractional milliseconds, absent = null.
 * Every read names its project and cannot see another one. A read that would take more than one may
 * fails with ReadLimitError.
 */
import type { EventReads } from './reading/events.js'
import type { GoalReads } from './reading/goals.js'
import type { IntentReads } from './reading/intents.js'
import type { IssueReads } from './reading/issues.js'
import type { OverviewReads } from './reading/overview.js'
import type { PeopleReads } from './reading/people.js'
import type { SessionReads } from './reading/sessions.js'
import type { ToolReads } from './reading/tools.js'

export interface StoreReader
  extends SessionReads, EventReads, OverviewReads, IntentReads, ToolReads, IssueReads, PeopleReads, GoalReads {
  projects(): Promise<string[]>
}
