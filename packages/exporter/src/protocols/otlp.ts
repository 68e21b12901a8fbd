import { promisify } from 'node:util'
import { constants, gzip, gzipSync } from 'node:zlib'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { HttpAnswer } from '../delivery/http-client.js'
import { diagnostics } from '../diagnostics.js'
import type { ReadableSpanLike } from '../span-types.js'
import type { Protocol } from './protocol.js'
import { refusal } from './refusal.js'

const compress = promisify(gzip)
/** The network is rarely what a tool server lacks; its processor is. */
const FAST = { level: constants.Z_BEST_SPEED }
/** OTLP specification 1.5, "Retryable response codes"; all others must not be repeated. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** OTLP/HTTP, protobuf, gzip: one request per batch. */
export function otlpProtocol(endpoint: URL, headers: Readonly<Record<string, string>>): Protocol {
  const url = new URL(`${endpoint.pathname.replace(/\/+$/, '')}/v1/traces${endpoint.search}`, endpoint)
  return {
    url,
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip', ...headers },
    async pack(spans) {
      return [{ body: await compress(serialize(spans), FAST), spans: spans.length }]
    },
    packNow: (spans) => [{ body: gzipSync(serialize(spans), FAST), spans: spans.length }],
    judge(answer, parcel) {
      if (answer.status < 200 || answer.status >= 300) throw refusal(url, answer, (status) => RETRYABLE.has(status))
      return Math.min(parcel.spans, rejectedSpans(url, answer))
    },
  }
}

function serialize(spans: readonly ReadableSpanLike[]): Uint8Array {
  // The serializer reads shapes; its types name the classes of one SDK line.
  const body = ProtobufTraceSerializer.serializeRequest(spans as never)
  if (!body) throw new Error('The OTLP serializer gave nothing')
  return body
}

/** `partial_success.rejected_spans`. A body that is no OTLP is no reason to doubt the 200. */
function rejectedSpans(url: URL, { body }: HttpAnswer): number {
  if (body.length === 0) return 0
  try {
    const { partialSuccess } = ProtobufTraceSerializer.deserializeResponse(body)
    const rejected = partialSuccess?.rejectedSpans ?? 0
    const message = partialSuccess?.errorMessage
    if (message) diagnostics.warn(`@mcpcat/exporter: ${url.host} says: ${message.slice(0, 500)}`)
    return Number.isFinite(rejected) && rejected > 0 ? rejected : 0
  } catch (error) {
    diagnostics.debug(`@mcpcat/exporter: ${url.host} took a batch and did not answer in OTLP`, error)
    return 0
  }
}
