/**
 * `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3); undefined when
 * absent or unreadable.
 */
export function retryAfterMillis(header: string | undefined, now: number = Date.now()): number | undefined {
  const value = header?.trim()
  if (!value) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  // Date.parse alone would read "5.5" as a day in May.
  if (!/^[A-Za-z]{3,9},? /.test(value)) return undefined
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
