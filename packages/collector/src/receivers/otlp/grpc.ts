import { createServer, type Server as SocketServer } from 'node:net'
import { Metadata, Server, ServerCredentials, status, type ServerUnaryCall, type StatusObject } from '@grpc/grpc-js'
import { itemCount, SIGNALS, type Signal } from '../../batch.js'
import type { PipelineContext } from '../../component.js'
import type { Consumer } from '../../consumer.js'
import { PermanentError, RetryableError } from '../../errors.js'
import { findIngestKey, type IngestKey } from '../../http/ingest-keys.js'
import type { TlsServerFiles } from '../../http/tls.js'
import { decodeBatch } from '../../otlp/batch-codec.js'
import { retryInfoStatus, STATUS_DETAILS } from '../../otlp/retry-info.js'
import { exportMethods } from '../../otlp/services.js'
import { MalformedError } from '../../otlp/wire-reader.js'
import type { GrpcProtocolConfig } from './config.js'
import { handOn } from './hand-on.js'

export interface OtlpGrpcServer {
  /** Listens for connections and hands them to gRPC. */
  readonly sockets: SocketServer
  /** Waits for calls under way, at most `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/** OTLP/gRPC (opentelemetry-proto, `docs/specification.md`, "OTLP/gRPC"), for the signals that pipelines take. */
export function createOtlpGrpcServer(
  config: GrpcProtocolConfig,
  tls: TlsServerFiles | undefined,
  keys: readonly IngestKey[],
  { logger, signals }: PipelineContext,
  next: Consumer,
): OtlpGrpcServer {
  const server = new Server({
    'grpc.max_receive_message_length': config.max_recv_msg_size_mib * 1024 * 1024,
    // As otelcol: what is wrong with a client is seen soon, and idle connections are cheap.
    'grpc.keepalive_time_ms': 120_000,
  })
  for (const signal of SIGNALS) {
    server.addService(
      { export: exportMethods[signal] },
      {
        export: (
          call: ServerUnaryCall<Buffer, Buffer>,
          answer: (error: Partial<StatusObject> | null, response?: Buffer) => void,
        ) => {
          receive(signal, call).then(
            () => answer(null, Buffer.alloc(0)),
            (error: unknown) => {
              logger.debug({ err: error }, 'refused a call')
              answer(refusal(error))
            },
          )
        },
      },
    )
  }
  // The listening socket is ours, so that a port in use is told as for HTTP.
  const injector = server.createConnectionInjector(credentials(tls))
  const sockets = createServer((socket) => injector.injectConnection(socket))
  return {
    sockets,
    stop: (graceMs) =>
      new Promise((resolve) => {
        sockets.close(() => resolve())
        injector.drain(graceMs)
        server.tryShutdown(() => injector.destroy())
        setTimeout(() => {
          server.forceShutdown()
          injector.destroy()
        }, graceMs).unref()
      }),
  }

  async function receive(signal: Signal, call: ServerUnaryCall<Buffer, Buffer>): Promise<void> {
    const authorization = String(call.metadata.get('authorization')[0] ?? '')
    const key = keys.length > 0 ? findIngestKey({ authorization }, keys) : undefined
    if (keys.length > 0 && !key)
      throw new Refused(status.UNAUTHENTICATED, 'send a valid ingest key as authorization: Bearer KEY')
    if (!signals.includes(signal)) throw new Refused(status.UNIMPLEMENTED, `no pipeline takes ${signal} here`)
    const batch = decodeBatch(signal, call.request)
    if (itemCount(batch) > 0) await handOn(batch, key, next)
  }
}

class Refused extends Error {
  readonly code: status
  constructor(code: status, message: string) {
    super(message)
    this.code = code
  }
}

function refusal(error: unknown): Partial<StatusObject> {
  if (error instanceof Refused) return { code: error.code, details: error.message }
  if (error instanceof MalformedError || error instanceof PermanentError)
    return { code: status.INVALID_ARGUMENT, details: error.message }
  const details = error instanceof RetryableError ? error.message : 'the collector cannot take this now'
  const metadata = new Metadata()
  const delay = error instanceof RetryableError ? (error.retryAfterMs ?? 1000) : 1000
  metadata.set(STATUS_DETAILS, retryInfoStatus(status.UNAVAILABLE, details, delay))
  return { code: status.UNAVAILABLE, details, metadata }
}

function credentials(tls: TlsServerFiles | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure()
  return ServerCredentials.createSsl(
    tls.ca ?? null,
    [{ cert_chain: tls.cert, private_key: tls.key }],
    tls.ca !== undefined,
  )
}
