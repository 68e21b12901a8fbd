export interface BackoffOptions {
  /** The longest first wait, in milliseconds. */
  initialMillis: number
  /** The longest wait, in milliseconds. */
  maxMillis: number
  /** 0 to 1. */
  random?: () => number
}

/** Exponential backoff with full jitter: anything from nothing to the (doubling) limit. */
export function backoffMillis(attempt: number, options: BackoffOptions): number {
  const { initialMillis, maxMillis, random = Math.random } = options
  return random() * Math.min(maxMillis, initialMillis * 2 ** Math.min(attempt, 30))
}
