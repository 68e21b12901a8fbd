import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { withoutTracing } from '../suppress-tracing.js'
import { DeliveryError } from './errors.js'

export interface HttpAnswer {
  status: number
  headers: IncomingMessage['headers']
  /** At most the first 64 KiB. */
  body: Uint8Array
}

export interface TlsOptions {
  ca?: string | Uint8Array
  cert?: string | Uint8Array
  key?: string | Uint8Array
}

export interface HttpClientOptions {
  timeoutMillis: number
  maxSockets: number
  tls?: TlsOptions | undefined
}

const MAX_ANSWER_BYTES = 65_536

/** The receiver's certificate is not acceptable: nothing that another attempt would change. */
const CERTIFICATE_ERRORS = new Set(
  `DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE
   UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY CERT_HAS_EXPIRED CERT_NOT_YET_VALID
   CERT_REVOKED CERT_UNTRUSTED CERT_REJECTED HOSTNAME_MISMATCH ERR_TLS_CERT_ALTNAME_INVALID INVALID_CA
   CERT_SIGNATURE_FAILURE ERR_SSL_WRONG_VERSION_NUMBER EPROTO`.split(/\s+/),
)

/** Posts to one receiver over kept-alive connections, none of which keeps the process alive. */
export class HttpClient {
  readonly #timeoutMillis: number
  readonly #agents: { http: HttpAgent; https: HttpsAgent }

  constructor(options: HttpClientOptions) {
    this.#timeoutMillis = options.timeoutMillis
    const { maxSockets, tls } = options
    this.#agents = {
      http: new HttpAgent({ keepAlive: true, maxSockets }),
      https: new HttpsAgent({ keepAlive: true, maxSockets, ...(tls as object) }),
    }
  }

  /**
   * One attempt. Redirects are answers like any other: a body full of content goes only where the
   * configuration says.
   *
   * @throws {DeliveryError} No answer, or none in time.
   */
  post(url: URL, headers: Record<string, string>, body: Uint8Array, signal: AbortSignal): Promise<HttpAnswer> {
    return withoutTracing(
      () =>
        new Promise<HttpAnswer>((resolve, reject) => {
          const isHttps = url.protocol === 'https:'
          const options = {
            method: 'POST',
            agent: isHttps ? this.#agents.https : this.#agents.http,
            headers: { ...headers, 'content-length': String(body.length) },
          }
          const request = isHttps ? httpsRequest(url, options) : httpRequest(url, options)
          const fail = (error: unknown): void => {
            stop()
            reject(asDeliveryError(error, url))
            request.destroy()
          }
          const onTimeout = (): void =>
            fail(new DeliveryError(`${url.host} did not answer within ${this.#timeoutMillis} ms`, { retryable: true }))
          const onAbort = (): void => fail(new DeliveryError('Given up at shutdown', { retryable: true }))
          // The whole exchange, not the pauses in it: a server that drips is cut as well.
          const timer = setTimeout(onTimeout, this.#timeoutMillis)
          timer.unref()
          const stop = (): void => {
            clearTimeout(timer)
            signal.removeEventListener('abort', onAbort)
          }
          // Before anything may fail: an error event without a listener would end the host.
          request.on('error', fail)
          if (signal.aborted) return onAbort()
          signal.addEventListener('abort', onAbort)
          request.on('socket', (socket: Duplex & { unref?(): void }) => socket.unref?.())
          request.on('response', (response) => {
            readAnswer(response).finally(stop).then(resolve, fail)
          })
          request.end(body)
        }),
    )
  }

  close(): void {
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }
}

function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const answer = (): HttpAnswer => ({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES),
    })
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size < MAX_ANSWER_BYTES) return
      resolve(answer())
      response.destroy()
    })
    response.on('end', () => resolve(answer()))
    response.on('error', reject)
    response.on('aborted', () => reject(new Error('The answer broke off')))
  })
}

function asDeliveryError(error: unknown, url: URL): DeliveryError {
  if (error instanceof DeliveryError) return error
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  if (CERTIFICATE_ERRORS.has(code)) {
    const message = `${url.host} has no acceptable TLS certificate or speaks no TLS (${code})`
    return new DeliveryError(message, { retryable: false, cause: error })
  }
  const message = `${url.host} could not be reached (${code || messageOf(error)})`
  return new DeliveryError(message, { retryable: true, cause: error })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
