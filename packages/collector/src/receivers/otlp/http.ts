import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { ComponentContext } from '../../component.js'
import type { TracesConsumer } from '../../consumer.js'
import { PermanentError, RetryableError } from '../../errors.js'
import { HttpError } from '../../http/http-error.js'
import { findIngestKey, stampProject, type IngestKey } from '../../http/ingest-keys.js'
import { createBodyReader } from '../../http/request-body.js'
import type { TlsServerFiles } from '../../http/tls.js'
import { decodeTraces } from '../../otlp/decode-traces.js'
import { parseTraces } from '../../otlp/json-traces.js'
import { CONTENT_TYPES, statusBody, successBody, type Encoding } from '../../otlp/responses.js'
import { MalformedError } from '../../otlp/wire-reader.js'
import { spanCount } from '../../traces.js'
import type { HttpProtocolConfig } from './config.js'

/** Senders that cannot know better wait this long. */
const DEFAULT_RETRY_AFTER_MS = 1000

/** OTLP/HTTP (opentelemetry-proto, `docs/specification.md`, "OTLP/HTTP"), traces only. */
export function createOtlpHttpServer(
  config: HttpProtocolConfig,
  tls: TlsServerFiles | undefined,
  keys: readonly IngestKey[],
  { logger }: ComponentContext,
  next: TracesConsumer,
): Server {
  const readBody = createBodyReader(config.max_request_body_size, config.max_buffered_bytes)
  const handle: RequestListener = (request, response) => {
    const encoding = encodingOf(request) ?? 'json'
    receive(request).then(
      () => send(response, 200, encoding, successBody(encoding)),
      (error: unknown) => {
        const { status, message, headers } = refusal(error)
        if (status >= 500 && status !== 503) logger.error({ err: error }, 'a request failed')
        else logger.debug({ err: error }, `refused a request with ${status}`)
        // What is left of a body that nobody reads would hold the connection.
        const unread = request.complete ? {} : { Connection: 'close' }
        send(response, status, encoding, statusBody(encoding, status, message), { ...headers, ...unread })
      },
    )
  }
  // Slow senders of headers or bodies are cut off; idle keep-alive connections cost little and may stay.
  const timeouts = {
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 5000,
  }
  return tls
    ? createTlsServer({ ...timeouts, ...tls, requestCert: tls.ca !== undefined }, handle)
    : createServer(timeouts, handle)

  async function receive(request: IncomingMessage): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0]
    if (path !== '/v1/traces') throw new HttpError(404, notServed(path))
    if (request.method !== 'POST') throw new HttpError(405, 'use POST', { Allow: 'POST' })
    const key = keys.length > 0 ? findIngestKey(request.headers, keys) : undefined
    if (keys.length > 0 && !key)
      throw new HttpError(401, 'send a valid ingest key as Authorization: Bearer KEY', { 'WWW-Authenticate': 'Bearer' })
    const encoding = encodingOf(request)
    if (!encoding)
      throw new HttpError(415, `Content-Type must be ${Object.values(CONTENT_TYPES).join(' or ')}`, {
        Accept: Object.values(CONTENT_TYPES).join(', '),
      })

    const body = await readBody(request)
    const traces = encoding === 'json' ? parseTraces(body.toString('utf8')) : decodeTraces(body)
    if (spanCount(traces) === 0) return
    if (key?.project !== undefined) stampProject(traces, key.project)
    await next.consumeTraces(traces)
  }
}

function notServed(path = ''): string {
  const signal = /^\/v1\/(metrics|logs|profiles|development\/profiles)$/.exec(path)?.[1]
  return signal
    ? `no pipeline takes ${signal} here; this endpoint serves POST /v1/traces`
    : 'not found; this endpoint serves POST /v1/traces'
}

function encodingOf(request: IncomingMessage): Encoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === CONTENT_TYPES.json) return 'json'
  return type === CONTENT_TYPES.protobuf ? 'protobuf' : undefined
}

function refusal(error: unknown): { status: number; message: string; headers: Readonly<Record<string, string>> } {
  if (error instanceof HttpError) return error
  if (error instanceof MalformedError || error instanceof PermanentError)
    return { status: 400, message: error.message, headers: {} }
  // Whatever else the pipeline says, the data itself may be good: let the sender try again.
  const wait = error instanceof RetryableError ? (error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) : DEFAULT_RETRY_AFTER_MS
  const message = error instanceof RetryableError ? error.message : 'the collector cannot take this now'
  return { status: 503, message, headers: { 'Retry-After': String(Math.max(1, Math.ceil(wait / 1000))) } }
}

function send(
  response: ServerResponse,
  status: number,
  encoding: Encoding,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { ...headers, 'Content-Type': CONTENT_TYPES[encoding], 'Content-Length': body.length })
  response.end(body)
}
