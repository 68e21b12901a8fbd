/**
 * What can be read from a store, in the shapes that the query API answers with: times ISO 8601
 * with the precision of the source, durations in fractional milliseconds, absent = null.
 * Every read names its project and cannot see another one. A read that would take more than one may
 * fails with ReadLimitError.
 */
import type { EventReads } from './reading/events.js'
import type { SessionReads } from './reading/sessions.js'

export interface StoreReader extends SessionReads, EventReads {
  projects(): Promise<string[]>
}
