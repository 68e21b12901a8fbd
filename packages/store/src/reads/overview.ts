import type { PeriodFilter } from '../reading/filter.js'
import type { BreakdownItem, Facet, FacetValue, OverviewReads, Totals } from '../reading/overview.js'
import { FACETS } from '../reading/overview.js'
import type { Read } from './bounded.js'
import { countedEvents, milliseconds, rate } from './counted-events.js'
import type { Range } from './filter-parameters.js'
import { rangeBefore, rangeOf, sessionParameters } from './filter-parameters.js'
import { timeseriesOf } from './timeseries.js'

interface EventTotals {
  calls: string
  failed_calls: string
  errors: string
  missing_tools: string
  quantiles: [string, string]
}

export function overviewReads(read: Read): OverviewReads {
  async function totalsOf(filter: PeriodFilter, range: Range): Promise<Totals> {
    const [events] = await read<EventTotals>('totals-of-events', await countedEvents(read, filter, range))
    const [sessions] = await read<{ sessions: string; users: string }>(
      'totals-of-sessions',
      sessionParameters(filter, range),
    )
    const calls = Number(events?.calls ?? 0)
    const failedCalls = Number(events?.failed_calls ?? 0)
    return {
      sessions: Number(sessions?.sessions ?? 0),
      users: Number(sessions?.users ?? 0),
      calls,
      failedCalls,
      errorRate: rate(failedCalls, calls),
      errors: Number(events?.errors ?? 0),
      missingTools: Number(events?.missing_tools ?? 0),
      p50Ms: milliseconds(events?.quantiles[0], calls),
      p95Ms: milliseconds(events?.quantiles[1], calls),
    }
  }

  return {
    async overview(filter, { comparePrevious = false } = {}) {
      const range = rangeOf(filter)
      return {
        current: await totalsOf(filter, range),
        previous: comparePrevious ? await totalsOf(filter, rangeBefore(range)) : null,
      }
    },

    timeseries: (filter) => timeseriesOf(read, filter),

    async breakdown(filter, by, limit) {
      const rows = await read<EventTotals & { value: string; sessions: string; users: string; events: string }>(
        'breakdown',
        { ...(await countedEvents(read, filter)), by, limit },
      )
      return rows.map((row): BreakdownItem => {
        const calls = Number(row.calls)
        return {
          value: row.value,
          sessions: Number(row.sessions),
          users: Number(row.users),
          events: Number(row.events),
          calls,
          failedCalls: Number(row.failed_calls),
          errors: Number(row.errors),
          p50Ms: milliseconds(row.quantiles[0], calls),
          p95Ms: milliseconds(row.quantiles[1], calls),
        }
      })
    },

    async facets(filter, limit) {
      const rows = await read<{ name: Facet; value: string; count: string }>('facets', {
        ...sessionParameters(filter),
        limit,
      })
      const facets = Object.fromEntries(FACETS.map((name) => [name, []])) as unknown as Record<Facet, FacetValue[]>
      for (const { name, value, count } of rows) facets[name].push({ value, count: Number(count) })
      return facets
    },
  }
}
