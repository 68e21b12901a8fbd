const firstMillis = 1000
const longestMillis = 30_000

/** Milliseconds to wait before the next attempt: what the server asks for, or exponential with full jitter. */
export function retryDelay(attempt: number, retryAfter: string | undefined): number {
  return parseRetryAfter(retryAfter) ?? Math.random() * Math.min(longestMillis, firstMillis * 2 ** attempt)
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
