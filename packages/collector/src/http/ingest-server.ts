import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Logger } from 'pino'
import { PermanentError, RetryableError } from '../errors.js'
import { MalformedError } from '../otlp/wire-reader.js'
import { HttpError } from './http-error.js'
import type { TlsServerFiles } from './tls.js'

export interface IngestAnswer {
  readonly contentType: string
  readonly body: Buffer
}

export interface IngestProtocol {
  /** Resolves with the answer of a success; rejections become refusals. */
  receive(request: IncomingMessage): Promise<IngestAnswer & { readonly status: number }>
  /** The body of a refusal. */
  refuse(request: IncomingMessage, status: number, message: string): IngestAnswer
}

/** Senders that cannot know better wait this long. */
const DEFAULT_RETRY_AFTER_MS = 1000

/** Slow senders of headers or bodies are cut off; idle keep-alive connections cost little and may stay. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5000,
}

/** An HTTP server that takes data in: it turns what goes wrong into the status that tells the sender what to do. */
export function createIngestServer(protocol: IngestProtocol, tls: TlsServerFiles | undefined, logger: Logger): Server {
  const handle: RequestListener = (request, response) => {
    protocol.receive(request).then(
      ({ status, ...answer }) => send(response, status, answer),
      (error: unknown) => {
        const refusal = refusalOf(error)
        if (refusal.expected) logger.debug({ err: error }, `refused a request with ${refusal.status}`)
        else logger.error({ err: error }, 'a request failed')
        // What is left of a body that nobody reads would hold the connection.
        const unread = request.complete ? {} : { Connection: 'close' }
        const answer = protocol.refuse(request, refusal.status, refusal.message)
        send(response, refusal.status, answer, { ...refusal.headers, ...unread })
      },
    )
  }
  return tls
    ? createTlsServer({ ...TIMEOUTS, ...tls, requestCert: tls.ca !== undefined }, handle)
    : createServer(TIMEOUTS, handle)
}

interface Refusal {
  readonly status: number
  readonly message: string
  readonly headers: Readonly<Record<string, string>>
  /** False for what should not have happened. */
  readonly expected: boolean
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof HttpError)
    return { status: error.status, message: error.message, headers: error.headers, expected: true }
  if (error instanceof MalformedError || error instanceof PermanentError)
    return { status: 400, message: error.message, headers: {}, expected: true }
  // Whatever else the pipeline says, the data itself may be good: let the sender try again.
  const expected = error instanceof RetryableError
  const wait = expected ? (error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) : DEFAULT_RETRY_AFTER_MS
  const message = expected ? error.message : 'the collector cannot take this now'
  return { status: 503, message, headers: { 'Retry-After': String(Math.max(1, Math.ceil(wait / 1000))) }, expected }
}

function send(
  response: ServerResponse,
  status: number,
  { contentType, body }: IngestAnswer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { ...headers, 'Content-Type': contentType, 'Content-Length': body.length })
  response.end(body)
}
