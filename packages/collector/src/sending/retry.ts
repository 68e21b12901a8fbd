import { setTimeout as delay } from 'node:timers/promises'
import { PermanentError, RetryableError } from '../errors.js'
import type { RetryConfig } from './config.js'

/**
 * Tries until it works, the error is permanent, the time is up, or `stop` aborts.
 *
 * @param onRetry Told before each wait.
 * @throws The last attempt's error.
 */
export async function retrying(
  attempt: () => Promise<void>,
  config: RetryConfig,
  stop: AbortSignal,
  onRetry: (error: unknown, waitMs: number) => void,
): Promise<void> {
  const start = performance.now()
  for (
    let interval = config.initial_interval;
    ;
    interval = Math.min(interval * config.multiplier, config.max_interval)
  ) {
    try {
      await attempt()
      return
    } catch (error) {
      if (!config.enabled || error instanceof PermanentError || stop.aborted) throw error
      const asked = error instanceof RetryableError ? (error.retryAfterMs ?? 0) : 0
      const wait = Math.max(asked, spread(interval, config.randomization_factor))
      const elapsed = performance.now() - start + wait
      if (config.max_elapsed_time > 0 && elapsed > config.max_elapsed_time) throw error
      onRetry(error, wait)
      await sleep(wait, stop)
    }
  }
}

/** Senders that failed together should not come back together. */
function spread(interval: number, factor: number): number {
  return interval * (1 - factor + Math.random() * 2 * factor)
}

/** Ends early, without an error, when the collector stops: one last attempt follows. */
async function sleep(ms: number, stop: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal: stop })
  } catch (error) {
    if (!stop.aborted) throw error
  }
}
