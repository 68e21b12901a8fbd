/** The filters of the bar, exactly as they stand in the URL and in the API's query. */
export const FILTER_NAMES = [
  'project',
  'from',
  'to',
  'client',
  'tool',
  'user',
  'server',
  'status',
  'source',
  'q',
] as const
export type FilterName = (typeof FILTER_NAMES)[number]
export type Filters = Partial<Record<FilterName, string>>

export const DEFAULT_RANGE = '-7d'

export const RANGES: readonly { from: string; label: string }[] = [
  { from: '-1h', label: 'Last hour' },
  { from: '-24h', label: 'Last 24 hours' },
  { from: '-7d', label: 'Last 7 days' },
  { from: '-30d', label: 'Last 30 days' },
  { from: '-90d', label: 'Last 90 days' },
]

export function readFilters(query: Readonly<Record<string, string>>): Filters {
  const filters: Filters = {}
  for (const name of FILTER_NAMES) {
    const value = query[name]
    if (value) filters[name] = value
  }
  return filters
}

/** Always in the same order, so that equal filters are equal URLs. */
export function filterQuery(filters: Filters): string {
  const query = new URLSearchParams()
  for (const name of FILTER_NAMES) {
    const value = filters[name]
    if (value) query.set(name, value)
  }
  return query.toString()
}

/** True when something besides project and time narrows the list. */
export function isNarrowed(filters: Filters): boolean {
  return FILTER_NAMES.some((name) => name !== 'project' && name !== 'from' && name !== 'to' && filters[name])
}

export function sessionsUrl(filters: Filters): string {
  return `/sessions?${filterQuery(filters)}`
}

export function replayUrl(project: string, id: string, event?: string): string {
  const query = new URLSearchParams({ project, ...(event === undefined ? {} : { event }) })
  return `/sessions/${encodeURIComponent(id)}?${query}`
}
