import { isMainThread } from 'node:worker_threads'
import type { ExitRequest } from './exit-request.js'
import { sendWhileExiting } from './send-while-exiting.js'
import { beforeUnclaimedSignal } from './unclaimed-signal.js'

/** Something that holds spans which have not been delivered. */
export interface Flushable {
  /** Sends what waits; resolves when it is delivered or given up. */
  flush(): Promise<void>
  /** The same for the last time: no second attempt is worth keeping the process for. */
  finish(): Promise<void>
  /** Gives up on what is on its way, so that nothing keeps the process alive. */
  abandon(): void
  /** What is not delivered yet, for someone else to send while the process exits. */
  takeOver(): readonly ExitRequest[]
}

/** How long a process that ends by itself or by a signal may wait for delivery, in milliseconds. */
export const exitLimitMillis = 1500
/** The same for one that ends at once. */
const syncLimitMillis = 1000

/**
 * Delivers what is left when the process ends: by itself, by SIGTERM or SIGINT, by `process.exit()` or
 * by an uncaught exception. Exit code and signal stay what they would have been.
 *
 * @param unflushed Whether spans ended since the last time that it was asked.
 */
export function flushAtExit(target: Flushable, unflushed: () => boolean): void {
  let gaveUp = false
  const flush = async (): Promise<void> => {
    const begun = performance.now()
    const finished = await finishesInTime(target)
    // A path that used up its time has given up as well: trying once more would only hold the process longer.
    gaveUp = !finished || performance.now() - begun >= exitLimitMillis * 0.9
  }
  process.on('beforeExit', () => {
    // Emitted again after every flush, because the flush gave the event loop something to do.
    if (unflushed()) void flush()
  })
  // Signals reach the main thread alone.
  if (isMainThread) {
    beforeUnclaimedSignal('SIGTERM', flush)
    beforeUnclaimedSignal('SIGINT', flush)
  }
  process.on('exit', () => {
    // What did not go out in time just now will not go out now.
    if (gaveUp && !unflushed()) return
    try {
      sendWhileExiting(target.takeOver(), syncLimitMillis)
    } catch {
      // The process is ending, perhaps by an error of its own: not the moment to add another.
    }
  })
}

/** The timer holds the process until everything is delivered, and no longer than the limit. */
async function finishesInTime(target: Flushable): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), exitLimitMillis)
  })
  const finished = target.finish().then(
    () => true,
    () => true,
  )
  const inTime = await Promise.race([finished, late])
  clearTimeout(timer)
  target.abandon()
  return inTime
}
