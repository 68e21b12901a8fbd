import { Worker } from 'node:worker_threads'
import { exitProgress } from './exit-progress.js'
import type { ExitRequest } from './exit-request.js'
import type { ExitSenderData } from './exit-sender.js'

/** A thread starts in 50 ms, but a machine can be short of processors. */
const startLimitMillis = 2000

/**
 * Sends from within an `exit` listener, where nothing asynchronous happens any more: another thread
 * sends, and this one waits for it, at most `timeoutMillis` from when it has started.
 */
export function sendWhileExiting(requests: readonly ExitRequest[], timeoutMillis: number): void {
  if (requests.length === 0) return
  const progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData: ExitSenderData = { requests, progress }
  // Without the parent's execArgv and environment, so that no preload runs in it.
  const worker = new Worker(new URL('exit-sender.js', import.meta.url), { workerData, execArgv: [], env: {} })
  worker.unref()
  if (Atomics.wait(progress, 0, exitProgress.none, startLimitMillis) === 'timed-out') return
  Atomics.wait(progress, 0, exitProgress.started, timeoutMillis)
}
