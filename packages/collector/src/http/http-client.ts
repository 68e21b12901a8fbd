import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { PermanentError, RetryableError } from '../errors.js'
import type { TlsClientOptions } from './tls.js'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** At most its first 64 KiB. */
  readonly body: Buffer
}

/** Posts over kept-alive connections. */
export interface HttpClient {
  /**
   * One attempt. A redirect is an answer like any other: data goes only where the configuration says.
   *
   * @throws RetryableError when there is no answer.
   */
  post(url: string, headers: Readonly<Record<string, string>>, body: Buffer, signal: AbortSignal): Promise<HttpAnswer>
  /** Cuts what is still under way. */
  close(): Promise<void>
}

/** @param connections To one server at one time. */
export function createHttpClient(tls: TlsClientOptions, connections: number): HttpClient {
  let opening: ReturnType<typeof open> | undefined
  return {
    async post(url, headers, body, signal) {
      const { request, dispatcher } = await (opening ??= open(tls, connections))
      try {
        const answer = await request(url, { method: 'POST', headers, body, signal, dispatcher })
        return { status: answer.statusCode, headers: answer.headers, body: await beginning(answer.body) }
      } catch (cause) {
        throw new RetryableError(`${url} ${reason(cause)}`, { cause })
      }
    },
    async close() {
      const opened = await opening
      await opened?.dispatcher.destroy()
    },
  }
}

/** Loaded when something is to be sent: most commands, and many collectors, send nothing. */
async function open(tls: TlsClientOptions, connections: number) {
  const { Agent, request } = await import('undici')
  return { request, dispatcher: new Agent({ connections, connect: tls }) }
}

/** What an answer other than 2xx means: a PermanentError, or a RetryableError with the wait that is asked for. */
export function refusal(
  { status, headers }: HttpAnswer,
  url: string,
  isRetryable: (status: number) => boolean,
): PermanentError | RetryableError {
  if (status >= 300 && status < 400 && headers.location !== undefined)
    return new PermanentError(`${url} redirects to ${headers.location} (${status}); name the final address instead`)
  const message = `${url} answered ${status}`
  if (!isRetryable(status)) return new PermanentError(message)
  const retryAfterMs = retryAfter(headers['retry-after'])
  return new RetryableError(message, retryAfterMs === undefined ? {} : { retryAfterMs })
}

const MAX_ANSWER_BYTES = 65_536

async function beginning(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    // Leaving the loop drops the connection, and with it the rest.
    if (size >= MAX_ANSWER_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES)
}

function reason(error: unknown): string {
  const { name, message, code } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError') return 'did not answer in time'
  if (name === 'AbortError') return 'was given up on at the stop'
  return `cannot be reached: ${message || code}`
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
