import { createSecureContext } from 'node:tls'
import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  status,
  type ChannelCredentials,
  type ChannelOptions,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js'
import { z } from 'zod'
import { signalOf, SIGNALS } from '../../batch.js'
import type { ExporterFactory } from '../../component.js'
import { duration } from '../../config/values.js'
import { PermanentError, RetryableError } from '../../errors.js'
import { readTlsClient, tlsClientSchema, type TlsClientConfig } from '../../http/tls.js'
import { encodeBatch } from '../../otlp/batch-codec.js'
import { partialSuccess } from '../../otlp/partial-success.js'
import { retryDelayMs, STATUS_DETAILS } from '../../otlp/retry-info.js'
import { exportMethods } from '../../otlp/services.js'
import { MalformedError } from '../../otlp/wire-reader.js'
import { examineQueue, retrySchema, sendingQueueSchema, type SendingConfig } from '../../sending/config.js'
import { createSignalSender } from '../../sending/sender.js'

export interface OtlpExporterConfig extends SendingConfig {
  /** `host:port`, or a URL whose scheme decides about TLS. */
  endpoint: string
  headers: Record<string, string>
  compression: 'gzip' | 'none'
  tls: TlsClientConfig
}

/** The gRPC statuses after which OTLP allows the same call again. */
const RETRYABLE: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
])

/** Sends on to anything that speaks OTLP/gRPC. */
export const otlpExporter: ExporterFactory<OtlpExporterConfig> = {
  kind: 'exporter',
  type: 'otlp',
  signals: SIGNALS,
  examine: examineQueue,
  description: 'OTLP over gRPC, to any OTLP endpoint',
  configSchema: z.strictObject({
    endpoint: z.string().regex(/^(https?:\/\/)?[^\s/]+:\d{1,5}\/?$/, 'expected host:port, for example 127.0.0.1:4317'),
    headers: z.record(z.string().toLowerCase(), z.string()).default({}),
    compression: z.enum(['gzip', 'none']).default('gzip'),
    tls: tlsClientSchema,
    timeout: duration('5s'),
    sending_queue: sendingQueueSchema,
    retry_on_failure: retrySchema,
  }),
  create(config, context) {
    const address = config.endpoint.replace(/^https?:\/\//, '').replace(/\/$/, '')
    const metadata = new Metadata()
    for (const [name, value] of Object.entries(config.headers)) metadata.set(name, value)
    let client: Client | undefined

    const sender = createSignalSender(
      async (batch, signal) => {
        const answer = await call(client!, exportMethods[signalOf(batch)], encodeBatch(batch), metadata, signal).catch(
          (error: unknown) => {
            throw failure(error as ServiceError, address)
          },
        )
        const { rejected, message } = partialSuccess(answer, 'protobuf')
        if (message) context.logger.warn({ rejected, message }, `${address} accepted with a remark`)
        return rejected
      },
      config,
      context,
    )
    return {
      ...sender,
      async start(host) {
        client = new Client(address, channelCredentials(config, `exporters.${context.id}.tls`), channelOptions(config))
        await sender.start?.(host)
      },
      async shutdown(giveUp) {
        await sender.shutdown?.(giveUp)
        client?.close()
      },
    }
  },
}

/** @throws ServiceError, also when `signal` aborts. */
function call(
  client: Client,
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Buffer, Buffer>,
  message: Buffer,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const answered = (error: ServiceError | null, answer?: Buffer): void => {
      signal.removeEventListener('abort', cancel)
      if (error) reject(error)
      else resolve(answer ?? Buffer.alloc(0))
    }
    const started = client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, metadata, answered)
    const cancel = (): void => started.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
  })
}

function failure(error: ServiceError, address: string): Error {
  const message = `${address} answered ${status[error.code]}`
  const retryAfterMs = askedDelay(error)
  // Without a RetryInfo an exhausted resource stays exhausted.
  const again = RETRYABLE.has(error.code) || (error.code === status.RESOURCE_EXHAUSTED && retryAfterMs !== undefined)
  if (!again) return new PermanentError(message, { cause: error })
  return new RetryableError(message, { cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) })
}

function askedDelay(error: ServiceError): number | undefined {
  const [details] = error.metadata.get(STATUS_DETAILS)
  try {
    return Buffer.isBuffer(details) ? retryDelayMs(details) : undefined
  } catch (cause) {
    if (cause instanceof MalformedError) return undefined
    throw cause
  }
}

function channelCredentials({ endpoint, tls }: OtlpExporterConfig, setting: string): ChannelCredentials {
  if (tls.insecure || endpoint.startsWith('http://')) return credentials.createInsecure()
  const { ca, cert, key, minVersion, rejectUnauthorized } = readTlsClient(tls, setting)
  return credentials.createFromSecureContext(createSecureContext({ ca, cert, key, minVersion }), { rejectUnauthorized })
}

function channelOptions({ compression, tls }: OtlpExporterConfig): ChannelOptions {
  const name = tls.server_name_override
  return {
    ...(compression === 'gzip' && { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip }),
    ...(name !== undefined && { 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name }),
  }
}
