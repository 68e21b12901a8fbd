import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { workerData } from 'node:worker_threads'
import type { ExitRequest } from './exit-request.js'

/** Runs in a thread of its own while the exiting main thread waits. */

export interface ExitSenderData {
  readonly requests: readonly ExitRequest[]
  /** One cell, set to 1 and notified when every request has been answered or has failed. */
  readonly done: Int32Array
}

const { requests, done } = workerData as ExitSenderData

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

void Promise.all(requests.map(send)).finally(() => {
  Atomics.store(done, 0, 1)
  Atomics.notify(done, 0)
})
