import { request as httpRequest } from 'node:http'
import type { Agent } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** One OTLP request. */
export interface Request {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Answer {
  readonly status: number
  /** `Retry-After` as it came. */
  readonly retryAfter: string | undefined
  readonly body: Uint8Array
}

const maxAnswerBytes = 64 * 1024

/**
 * Posts once, without keeping the process alive for it: the socket is unreferenced, and whoever wants to
 * wait for the answer holds the process himself. Rejects on a network error, on an abort and when
 * the server is silent for `timeoutMillis`.
 */
export function post(request: Request, agent: Agent, timeoutMillis: number, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = request.url.startsWith('https:') ? httpsRequest : httpRequest
    const headers = { ...request.headers, 'content-length': String(request.body.byteLength) }
    const outgoing = send(request.url, { method: 'POST', headers, agent, signal }, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.byteLength
        if (size <= maxAnswerBytes) chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () => {
        const retryAfter = response.headers['retry-after']
        resolve({ status: response.statusCode ?? 0, retryAfter, body: Buffer.concat(chunks) })
      })
    })
    // A socket that is reused comes referenced again, so this is done per request.
    outgoing.on('socket', (socket) => socket.unref())
    // Covers the whole exchange; the socket's own timeout would start anew with every byte.
    const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMillis} ms`)), timeoutMillis)
    timer.unref()
    outgoing.on('close', () => clearTimeout(timer))
    outgoing.on('error', reject)
    outgoing.end(request.body)
  })
}
