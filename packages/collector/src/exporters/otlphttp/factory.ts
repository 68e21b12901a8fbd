import { promisify } from 'node:util'
import { gzip, zstdCompress } from 'node:zlib'
import { z } from 'zod'
import { signalOf, SIGNALS, type Batch, type Signal } from '../../batch.js'
import type { ExporterFactory } from '../../component.js'
import { duration } from '../../config/values.js'
import { createHttpClient, refusal, type HttpClient } from '../../http/http-client.js'
import { readTlsClient, tlsClientSchema, type TlsClientConfig } from '../../http/tls.js'
import { UserError } from '../../errors.js'
import { batchToJson, encodeBatch } from '../../otlp/batch-codec.js'
import { partialSuccess } from '../../otlp/partial-success.js'
import { CONTENT_TYPES } from '../../otlp/responses.js'
import { examineQueue, retrySchema, sendingQueueSchema, type SendingConfig } from '../../sending/config.js'
import { createSignalSender } from '../../sending/sender.js'

export interface OtlpHttpExporterConfig extends SendingConfig {
  /** Base URL; `/v1/traces`, `/v1/metrics` or `/v1/logs` is added. */
  endpoint?: string | undefined
  /** The whole URL for one signal, instead of `endpoint`. */
  traces_endpoint?: string | undefined
  metrics_endpoint?: string | undefined
  logs_endpoint?: string | undefined
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
  signals: SIGNALS,
  examine: examineQueue,
  description: 'OTLP over HTTP, to any OTLP endpoint',
  configSchema: z
    .strictObject({
      endpoint: url.optional(),
      traces_endpoint: url.optional(),
      metrics_endpoint: url.optional(),
      logs_endpoint: url.optional(),
      headers: z.record(z.string(), z.string()).default({}),
      compression: z.enum(['gzip', 'zstd', 'none']).default('gzip'),
      encoding: z.enum(['proto', 'json']).default('proto'),
      tls: tlsClientSchema,
      timeout: duration('30s'),
      sending_queue: sendingQueueSchema,
      retry_on_failure: retrySchema,
    })
    .refine((config) => SIGNALS.some((signal) => targetOf(config, signal) !== undefined), {
      message: 'expected endpoint, or an endpoint of the signal such as traces_endpoint',
      path: ['endpoint'],
    }),
  create(config, context) {
    const targets = new Map(context.signals.map((signal) => [signal, targetOf(config, signal)]))
    for (const [signal, target] of targets) {
      if (target === undefined)
        throw new UserError(
          `exporters.${context.id}: expected endpoint or ${signal}_endpoint; a pipeline sends ${signal}`,
        )
    }
    const encoding = config.encoding === 'proto' ? 'protobuf' : 'json'
    const headers = {
      'Content-Type': CONTENT_TYPES[encoding],
      ...(config.compression !== 'none' && { 'Content-Encoding': config.compression }),
      ...config.headers,
    }
    const encode = async (batch: Batch): Promise<Buffer> =>
      config.encoding === 'proto' ? encodeBatch(batch) : Buffer.from(JSON.stringify(await batchToJson(batch)))
    let client: HttpClient | undefined

    const sender = createSignalSender(
      async (batch, signal) => {
        const target = targets.get(signalOf(batch))!
        const body = await COMPRESSORS[config.compression](await encode(batch))
        const answer = await client!.post(target, headers, body, signal)
        if (answer.status < 200 || answer.status >= 300)
          throw refusal(answer, target, (status) => RETRYABLE.has(status))
        const { rejected, message } = partialSuccess(answer.body, encoding)
        if (message) context.logger.warn({ rejected, message }, `${target} accepted with a remark`)
        return rejected
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
      async shutdown(giveUp) {
        await sender.shutdown?.(giveUp)
        await client?.close()
      },
    }
  },
}

type Endpoints = Pick<OtlpHttpExporterConfig, 'endpoint' | `${Signal}_endpoint`>

function targetOf(config: Endpoints, signal: Signal): string | undefined {
  return config[`${signal}_endpoint`] ?? (config.endpoint && `${config.endpoint.replace(/\/$/, '')}/v1/${signal}`)
}
