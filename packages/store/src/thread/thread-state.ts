/** How things are with the sessions of this thread, when it answers. */
export interface ThreadState {
  /** As `behindSince` of the upkeep, by the clock of all threads. */
  readonly behindSince: number | undefined
  /** They could not be written; with the next call it is tried again. */
  readonly failed: boolean
  readonly unfinished: boolean
}
