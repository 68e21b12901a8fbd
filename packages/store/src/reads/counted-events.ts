import type { Parameters } from '../engine.js'
import type { SessionFilter } from '../reading/filter.js'
import type { Read } from './bounded.js'
import { eventParameters } from './filter-parameters.js'
import type { Range } from './filter-parameters.js'

/** What a statement over `counted-events.sql` asks for. */
export async function countedEvents(read: Read, filter: SessionFilter, range?: Range): Promise<Parameters> {
  const parameters = eventParameters(filter, range)
  const { project, from, to } = parameters as { project: string; from: bigint; to: bigint }
  const found = await read('has-client-events', { project, from, to })
  return { ...parameters, both_sides: found.length > 0 }
}

/** Fractional milliseconds; null when they are of nothing. */
export function milliseconds(nanoseconds: string | undefined, of: number): number | null {
  return nanoseconds === undefined || of === 0 ? null : Number(nanoseconds) / 1e6
}

export function rate(part: number, of: number): number | null {
  return of === 0 ? null : part / of
}
