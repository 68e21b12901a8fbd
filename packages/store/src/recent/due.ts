/** What is written of a session by now may be behind it. */
export interface Waiting {
  /** Since when, in milliseconds by a clock that only goes forward. */
  readonly changedSince: number
  /** Its last event came then. */
  readonly touchedAt: number
}

/** In milliseconds: who has waited this long is written, whatever comes. */
const LONGEST = 2000
/** In milliseconds: who heard of nothing for so long is not likely to be written again soon. */
const QUIET = 500

/**
 * Whether a session is written now. A busy one waits a little: most are short, and would be written again when they end.
 *
 * @param now as a pass of writing begins; for the whole of it, `Infinity` where nobody may wait.
 */
export function isDue({ changedSince, touchedAt }: Waiting, now: number): boolean {
  return changedSince <= now - LONGEST || touchedAt <= now - QUIET
}
