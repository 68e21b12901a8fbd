import type { Engine } from './engine.js'
import type { StoreReader } from './reading.js'
import type { ReadLimits } from './reads/bounded.js'
import { boundedReads, READ_LIMITS } from './reads/bounded.js'
import { eventReads } from './reads/events.js'
import { goalReads } from './reads/goals.js'
import { intentReads } from './reads/intents.js'
import { issueReads } from './reads/issues.js'
import { overviewReads } from './reads/overview.js'
import { peopleReads } from './reads/people.js'
import { sessionReads } from './reads/sessions.js'
import { toolReads } from './reads/tools.js'

/** @param now milliseconds since the epoch; decides which sessions are active. */
export function storeReader(engine: Engine, now: () => number, limits: ReadLimits = READ_LIMITS): StoreReader {
  const read = boundedReads(engine, limits)
  return {
    async projects() {
      const rows = await read<{ project: string }>('list-projects', {})
      return rows.map(({ project }) => project)
    },
    ...sessionReads(read, now),
    ...eventReads(read),
    ...overviewReads(read),
    ...intentReads(read, now),
    ...toolReads(read),
    ...issueReads(read),
    ...peopleReads(read, now),
    ...goalReads(read),
  }
}
