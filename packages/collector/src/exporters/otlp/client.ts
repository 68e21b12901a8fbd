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
import { PermanentError, RetryableError } from '../../errors.js'
import { readTlsClient } from '../../http/tls.js'
import { retryDelayMs, STATUS_DETAILS } from '../../otlp/retry-info.js'
import { MalformedError } from '../../otlp/wire-reader.js'
import type { OtlpExporterConfig } from './factory.js'

/** Calls the services of one address. */
export interface OtlpClient {
  /**
   * One attempt.
   *
   * @returns the answer's bytes.
   * @throws RetryableError where OTLP allows the same call again, PermanentError where it does not.
   */
  call(method: MethodDefinition<Buffer, Buffer>, message: Buffer, signal: AbortSignal): Promise<Buffer>
  close(): void
}

/** @param setting the path of `tls` in the configuration. */
export function openClient(address: string, config: OtlpExporterConfig, setting: string): OtlpClient {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(config.headers)) metadata.set(name, value)
  const client = new Client(address, channelCredentials(config, setting), channelOptions(config))
  return {
    async call(method, message, signal) {
      try {
        return await unaryCall(client, method, message, metadata, signal)
      } catch (error) {
        throw failure(error as ServiceError, address)
      }
    },
    close: () => client.close(),
  }
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

/** @throws ServiceError, also when `signal` aborts. */
function unaryCall(
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
