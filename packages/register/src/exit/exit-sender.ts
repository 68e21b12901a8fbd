import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { workerData } from 'node:worker_threads'
import { exitProgress } from './exit-progress.js'
import type { ExitRequest } from './exit-request.js'

/** Runs in a thread of its own while the exiting main thread waits. */

export interface ExitSenderData {
  readonly requests: readonly ExitRequest[]
  /** One cell that says how far the sending is, notified at each step. */
  readonly progress: Int32Array
}

const { requests, progress } = workerData as ExitSenderData

function reach(step: number): void {
  Atomics.store(progress, 0, step)
  Atomics.notify(progress, 0)
}

function send({ url, headers, body, tls }: ExitRequest): Promise<void> {
  return new Promise((resolve) => {
    const start = url.startsWith('https:') ? httpsRequest : httpRequest
    const outgoing = start(url, { method: 'POST', headers, ...tls }, (response) => response.resume())
    // Nobody is left to tell of a failure: the process is going.
    outgoing.on('error', () => undefined)
    outgoing.on('close', resolve)
    outgoing.end(body)
  })
}

reach(exitProgress.started)
void Promise.all(requests.map(send)).finally(() => reach(exitProgress.done))
