/** A moment of `performance.now()`, which begins with its thread, by a clock that all threads of the process have. */
export function absolute(moment: number): number {
  return performance.timeOrigin + moment
}

/** The same moment by this thread's `performance.now()`. */
export function ofThisThread(moment: number): number {
  return moment - performance.timeOrigin
}
