const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** What stores can hold: nanoseconds in 64 bits end in 2262. Nothing lies beyond. */
const EARLIEST = 0
const LATEST = Date.UTC(2262, 0)

/**
 * A point in time as a query names it: ISO 8601, `now`, or relative to now (`-90s`, `-30m`,
 * `-24h`, `-7d`, `-2w`). Without a zone it is UTC. Answers ISO 8601 in UTC, between 1970 and 2262,
 * or null when it is none of these.
 */
export function parseTime(value: string, now: number): string | null {
  const parsed = milliseconds(value, now)
  if (Number.isNaN(parsed)) return null
  return new Date(Math.min(LATEST, Math.max(EARLIEST, parsed))).toISOString()
}

/** NaN when it is no time. */
function milliseconds(value: string, now: number): number {
  if (value === 'now') return now
  const relative = /^-(\d{1,5})([smhdw])$/.exec(value)
  if (relative) return now - Number(relative[1]) * (UNIT_MS[relative[2] ?? ''] ?? Number.NaN)
  const iso = ISO.exec(value)
  if (!iso) return Number.NaN
  const isZoned = iso[1] === undefined || iso[4] !== undefined
  return Date.parse(isZoned ? value : `${value}Z`)
}
