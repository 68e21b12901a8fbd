const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/**
 * A point in time as a query names it: ISO 8601, `now`, or relative to now (`-90s`, `-30m`,
 * `-24h`, `-7d`, `-2w`). Without a zone it is UTC. Answers ISO 8601 in UTC, or null when it is none of these.
 */
export function parseTime(value: string, now: number): string | null {
  if (value === 'now') return new Date(now).toISOString()
  const relative = /^-(\d{1,5})([smhdw])$/.exec(value)
  if (relative) return new Date(now - Number(relative[1]) * (UNIT_MS[relative[2] ?? ''] ?? 0)).toISOString()
  if (!ISO.test(value)) return null
  const zoned = /T.*(Z|[+-]\d{2}:\d{2})$/.test(value) || !value.includes('T') ? value : `${value}Z`
  const parsed = Date.parse(zoned)
  return Number.isNaN(parsed) ? null : new Date(parsed).toISOString()
}
