import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long a slice may be at most, by how full the queue is: as a share of the host's own last turn, and absolutely. */
const STRETCHES = [
  { upTo: 0.1, share: 1, millis: 50 },
  { upTo: 0.4, share: 2, millis: 200 },
  { upTo: Number.POSITIVE_INFINITY, share: 4, millis: 1000 },
]

/**
 * Shares the event loop with the host: work goes on for `sliceMillis`, then lets a turn pass. A host
 * whose own turns take longer than that is at its limits anyway; work then takes as long as the
 * host's last turn took, and longer still while the queue fills, so that a burst is worked off as
 * fast as it comes in and little is left when the process ends.
 */
export class Pace {
  readonly #sliceMillis: number
  readonly #fill: () => number
  #until = 0

  /** @param fill How full the queue is, 0 to 1. */
  constructor(sliceMillis: number, fill: () => number) {
    this.#sliceMillis = sliceMillis
    this.#fill = fill
  }

  get used(): boolean {
    return performance.now() >= this.#until
  }

  /** Lets the host have a turn. */
  async rest(): Promise<void> {
    const before = performance.now()
    await nextTurn()
    const now = performance.now()
    const fill = this.#fill()
    const stretch = STRETCHES.find(({ upTo }) => fill <= upTo)
    const fair = stretch ? Math.min((now - before) * stretch.share, stretch.millis) : 0
    this.#until = now + Math.max(this.#sliceMillis, fair)
  }

  /** Runs interruptible work to its end. */
  async run<T>(work: Generator<Promise<unknown> | undefined, T, unknown>): Promise<T> {
    let step = work.next()
    while (!step.done) {
      const answer: unknown = step.value ? await step.value : undefined
      if (this.used) await this.rest()
      step = work.next(answer)
    }
    return step.value
  }
}

/** Runs interruptible work without a pause. Whatever it would wait for is missing. */
export function runNow<T>(work: Generator<Promise<unknown> | undefined, T, unknown>): T {
  let step = work.next()
  while (!step.done) step = work.next(undefined)
  return step.value
}
