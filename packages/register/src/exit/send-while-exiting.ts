import { Worker } from 'node:worker_threads'
import type { ExitRequest } from './exit-request.js'
import type { ExitSenderData } from './exit-sender.js'

/**
 * Sends from within an `exit` listener, where nothing asynchronous happens any more: another thread
 * sends, and this one waits for it, at most `timeoutMillis`.
 */
export function sendWhileExiting(requests: readonly ExitRequest[], timeoutMillis: number): void {
  if (requests.length === 0) return
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData: ExitSenderData = { requests, done }
  // Without the parent's execArgv and environment, so that no preload runs in it.
  const worker = new Worker(new URL('exit-sender.js', import.meta.url), { workerData, execArgv: [], env: {} })
  worker.unref()
  Atomics.wait(done, 0, 0, timeoutMillis)
}
