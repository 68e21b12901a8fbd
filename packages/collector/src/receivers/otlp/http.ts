import type { IncomingMessage, Server } from 'node:http'
import { SIGNALS, type Signal } from '../../batch.js'
import type { PipelineContext } from '../../component.js'
import type { Consumer } from '../../consumer.js'
import { HttpError } from '../../http/http-error.js'
import { requireIngestKey, type IngestKey } from '../../http/ingest-keys.js'
import { createIngestServer } from '../../http/ingest-server.js'
import { createBodyReader } from '../../http/request-body.js'
import type { TlsServerFiles } from '../../http/tls.js'
import { decodeBatch, parseBatch } from '../../otlp/batch-codec.js'
import { CONTENT_TYPES, statusBody, successBody, type Encoding } from '../../otlp/responses.js'
import type { HttpProtocolConfig } from './config.js'
import { handOn } from './hand-on.js'

const PATHS = Object.fromEntries(SIGNALS.map((signal) => [signal, `/v1/${signal}`])) as Record<Signal, string>

/** OTLP/HTTP (opentelemetry-proto, `docs/specification.md`, "OTLP/HTTP"), for the signals that pipelines take. */
export function createOtlpHttpServer(
  config: HttpProtocolConfig,
  tls: TlsServerFiles | undefined,
  keys: readonly IngestKey[],
  { logger, signals }: PipelineContext,
  next: Consumer,
): Server {
  const readBody = createBodyReader(config.max_request_body_size, config.max_buffered_bytes)
  return createIngestServer({ receive, refuse }, tls, logger)

  async function receive(request: IncomingMessage) {
    const path = (request.url ?? '').split('?', 1)[0]
    const signal = signals.find((candidate) => path === PATHS[candidate])
    if (!signal) throw new HttpError(404, notServed(path, signals))
    if (request.method !== 'POST') throw new HttpError(405, 'use POST', { Allow: 'POST' })
    const key = requireIngestKey(request.headers, keys)
    const encoding = encodingOf(request)
    if (!encoding)
      throw new HttpError(415, `Content-Type must be ${Object.values(CONTENT_TYPES).join(' or ')}`, {
        Accept: Object.values(CONTENT_TYPES).join(', '),
      })

    // Of metrics and logs, who takes them has the bytes themselves.
    const isReleased = signal === 'traces' && (next.holdsNothing ?? false)
    await readBody(
      request,
      (body) =>
        encoding === 'json'
          ? parseBatch(signal, body.toString('utf8')).then((batch) => handOn(batch, key, next))
          : handOn(decodeBatch(signal, body), key, next),
      isReleased,
    )
    return { status: 200, contentType: CONTENT_TYPES[encoding], body: successBody(encoding) }
  }
}

function refuse(request: IncomingMessage, status: number, message: string) {
  const encoding = encodingOf(request) ?? 'json'
  return { contentType: CONTENT_TYPES[encoding], body: statusBody(encoding, status, message) }
}

function notServed(path = '', signals: readonly Signal[]): string {
  const signal = /^\/v1\/(traces|metrics|logs|profiles|development\/profiles)$/.exec(path)?.[1]
  const served = `this endpoint serves POST ${signals.map((known) => PATHS[known]).join(', ')}`
  return signal ? `no pipeline takes ${signal} here; ${served}` : `not found; ${served}`
}

function encodingOf(request: IncomingMessage): Encoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === CONTENT_TYPES.json) return 'json'
  return type === CONTENT_TYPES.protobuf ? 'protobuf' : undefined
}
