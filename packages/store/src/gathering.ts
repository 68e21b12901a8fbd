/** So long an insert waits for more at most, and not longer than the one before it took. */
const MOST_MS = 250

/**
 * Waits for more events where inserts follow each other: one of 4,000 costs the engine about twice as much for each of
 * them as one of 16,000, merging included (`bench/store/inserts.mjs`). What comes after a pause goes at once.
 */
export interface Gathering {
  /** Resolves when there is enough, or has been time enough. */
  wait(): Promise<void>
  /** There may be enough now. */
  arrived(): void
  /** An insert ended. @param took milliseconds. */
  inserted(took: number): void
  /** Nothing is waited for any more. */
  stop(): void
}

export function gathering(hasEnough: () => boolean): Gathering {
  let lastEnd = 0
  let patience = 0
  let stopped = false
  let go: (() => void) | undefined
  return {
    async wait() {
      const left = lastEnd + patience - performance.now()
      if (left <= 0 || stopped || hasEnough()) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        go = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      go = undefined
    },
    arrived() {
      if (go && hasEnough()) go()
    },
    inserted(took) {
      lastEnd = performance.now()
      patience = Math.min(took, MOST_MS)
    },
    stop() {
      stopped = true
      go?.()
    },
  }
}
