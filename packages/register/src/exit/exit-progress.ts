/** How far the sending thread is. */
export const exitProgress = {
  none: 0,
  started: 1,
  /** Every request has been answered or has failed. */
  done: 2,
} as const
