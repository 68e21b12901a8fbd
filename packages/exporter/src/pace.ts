import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Shares the event loop with the host: work goes on for `sliceMillis`, then lets a turn pass. The
 * fuller the queue, the longer the slice, so that a burst is worked off as fast as it comes in.
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

  begin(): void {
    const fill = this.#fill()
    const stretch = fill < 0.5 ? 1 : fill < 0.8 ? 4 : 16
    this.#until = performance.now() + this.#sliceMillis * stretch
  }

  get used(): boolean {
    return performance.now() >= this.#until
  }

  async rest(): Promise<void> {
    await nextTurn()
    this.begin()
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
