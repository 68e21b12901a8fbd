import type { IncomingMessage, Server } from 'node:http'
import type { ComponentContext } from '../../component.js'
import type { TracesConsumer } from '../../consumer.js'
import { HttpError } from '../../http/http-error.js'
import { requireIngestKey, stampProject, type IngestKey } from '../../http/ingest-keys.js'
import { createIngestServer } from '../../http/ingest-server.js'
import { createBodyReader } from '../../http/request-body.js'
import type { TlsServerFiles } from '../../http/tls.js'
import { decodeTraces } from '../../otlp/decode-traces.js'
import { parseTraces } from '../../otlp/json-traces.js'
import { CONTENT_TYPES, statusBody, successBody, type Encoding } from '../../otlp/responses.js'
import { spanCount } from '../../traces.js'
import type { HttpProtocolConfig } from './config.js'

/** OTLP/HTTP (opentelemetry-proto, `docs/specification.md`, "OTLP/HTTP"), traces only. */
export function createOtlpHttpServer(
  config: HttpProtocolConfig,
  tls: TlsServerFiles | undefined,
  keys: readonly IngestKey[],
  { logger }: ComponentContext,
  next: TracesConsumer,
): Server {
  const readBody = createBodyReader(config.max_request_body_size, config.max_buffered_bytes)
  return createIngestServer({ receive, refuse }, tls, logger)

  async function receive(request: IncomingMessage) {
    const path = (request.url ?? '').split('?', 1)[0]
    if (path !== '/v1/traces') throw new HttpError(404, notServed(path))
    if (request.method !== 'POST') throw new HttpError(405, 'use POST', { Allow: 'POST' })
    const key = requireIngestKey(request.headers, keys)
    const encoding = encodingOf(request)
    if (!encoding)
      throw new HttpError(415, `Content-Type must be ${Object.values(CONTENT_TYPES).join(' or ')}`, {
        Accept: Object.values(CONTENT_TYPES).join(', '),
      })

    const body = await readBody(request)
    const traces = encoding === 'json' ? parseTraces(body.toString('utf8')) : decodeTraces(body)
    if (spanCount(traces) > 0) {
      if (key?.project !== undefined) stampProject(traces, key.project)
      await next.consumeTraces(traces)
    }
    return { status: 200, contentType: CONTENT_TYPES[encoding], body: successBody(encoding) }
  }
}

function refuse(request: IncomingMessage, status: number, message: string) {
  const encoding = encodingOf(request) ?? 'json'
  return { contentType: CONTENT_TYPES[encoding], body: statusBody(encoding, status, message) }
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
