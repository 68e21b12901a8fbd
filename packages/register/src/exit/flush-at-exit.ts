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

/** How long the end of the process may wait for delivery, in milliseconds. */
const asyncLimitMillis = 1500
const syncLimitMillis = 1000

/**
 * Delivers what is left when the process ends: by itself, by SIGTERM or SIGINT, by `process.exit()` or
 * by an uncaught exception. Exit code and signal stay what they would have been.
 *
 * @param unflushed Whether spans ended since the last time that it was asked.
 */
export function flushAtExit(target: Flushable, unflushed: () => boolean): void {
  const flush = (): Promise<void> => withinLimit(target)
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
    try {
      sendWhileExiting(target.takeOver(), syncLimitMillis)
    } catch {
      // The process is ending, perhaps by an error of its own: not the moment to add another.
    }
  })
}

/** Flushes; the timer holds the process until it is done, and for as long as the limit. */
async function withinLimit(target: Flushable): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, asyncLimitMillis)
  })
  await Promise.race([target.finish().catch(() => undefined), limit])
  clearTimeout(timer)
  target.abandon()
}
