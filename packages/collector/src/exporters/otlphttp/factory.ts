import { promisify } from 'node:util'
import { gzip, zstdCompress } from 'node:zlib'
import { z } from 'zod'
import type { ExporterFactory } from '../../component.js'
import { duration } from '../../config/values.js'
import { createHttpClient, refusal, type HttpClient } from '../../http/http-client.js'
import { readTlsClient, tlsClientSchema, type TlsClientConfig } from '../../http/tls.js'
import { encodeTraces } from '../../otlp/encode-traces.js'
import { tracesToJson } from '../../otlp/json-traces.js'
import { CONTENT_TYPES } from '../../otlp/responses.js'
import { retrySchema, sendingQueueSchema, type SendingConfig } from '../../sending/config.js'
import { createSender } from '../../sending/sender.js'
import type { Traces } from '../../traces.js'

export interface OtlpHttpExporterConfig extends SendingConfig {
  /** Base URL; `/v1/traces` is added. */
  endpoint?: string | undefined
  /** The whole URL for traces, instead of `endpoint`. */
  traces_endpoint?: string | undefined
  headers: Record<string, string>
  compression: Compression
  encoding: 'proto' | 'json'
  /** For an `https` endpoint. */
  tls: TlsClientConfig
}

type Compression = 'gzip' | 'zstd' | 'none'

const COMPRESSORS: Readonly<Record<Compression, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gzip) as (bytes: Buffer) => Promise<Buffer>,
  zstd: promisify(zstdCompress) as (bytes: Buffer) => Promise<Buffer>,
  none: (bytes) => Promise.resolve(bytes),
}

/** The HTTP statuses after which OTLP allows the same request again. */
const RETRYABLE = new Set([429, 502, 503, 504])

const url = z.url({ protocol: /^https?$/, error: 'expected a URL such as http://127.0.0.1:4318' })

/** Sends on to anything that speaks OTLP/HTTP. */
export const otlpHttpExporter: ExporterFactory<OtlpHttpExporterConfig> = {
  kind: 'exporter',
  type: 'otlphttp',
  description: 'OTLP over HTTP, to any OTLP endpoint',
  configSchema: z
    .strictObject({
      endpoint: url.optional(),
      traces_endpoint: url.optional(),
      headers: z.record(z.string(), z.string()).default({}),
      compression: z.enum(['gzip', 'zstd', 'none']).default('gzip'),
      encoding: z.enum(['proto', 'json']).default('proto'),
      tls: tlsClientSchema,
      timeout: duration('30s'),
      sending_queue: sendingQueueSchema,
      retry_on_failure: retrySchema,
    })
    .refine(({ endpoint, traces_endpoint }) => endpoint ?? traces_endpoint, {
      message: 'expected endpoint or traces_endpoint',
      path: ['endpoint'],
    }),
  create(config, context) {
    const target = config.traces_endpoint ?? `${config.endpoint?.replace(/\/$/, '')}/v1/traces`
    const headers = {
      'Content-Type': CONTENT_TYPES[config.encoding === 'proto' ? 'protobuf' : 'json'],
      ...(config.compression !== 'none' && { 'Content-Encoding': config.compression }),
      ...config.headers,
    }
    const encode = (traces: Traces): Buffer =>
      config.encoding === 'proto' ? encodeTraces(traces) : Buffer.from(JSON.stringify(tracesToJson(traces)))

    let client: HttpClient | undefined

    const sender = createSender(
      async (traces, signal) => {
        const body = await COMPRESSORS[config.compression](encode(traces))
        const answer = await client!.post(target, headers, body, signal)
        if (answer.status < 200 || answer.status >= 300)
          throw refusal(answer, target, (status) => RETRYABLE.has(status))
      },
      config,
      context,
    )
    return {
      ...sender,
      async start(host) {
        const tls = readTlsClient(config.tls, `exporters.${context.id}.tls`)
        client = createHttpClient(tls, config.sending_queue.num_consumers)
        await sender.start?.(host)
      },
      async shutdown() {
        await sender.shutdown?.()
        await client?.close()
      },
    }
  },
}
