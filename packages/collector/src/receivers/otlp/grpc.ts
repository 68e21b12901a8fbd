import {
  constants,
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Server } from 'node:net'
import { SIGNALS } from '../../batch.js'
import type { PipelineContext } from '../../component.js'
import type { Consumer } from '../../consumer.js'
import { RetryableError } from '../../errors.js'
import { createByteBudget } from '../../http/byte-budget.js'
import { findIngestKey, type IngestKey } from '../../http/ingest-keys.js'
import type { TlsServerFiles } from '../../http/tls.js'
import { createUnpacker } from '../../http/unpack.js'
import { decodeBatch } from '../../otlp/batch-codec.js'
import { grpcStatus } from '../../otlp/grpc-status.js'
import { exportMethods } from '../../otlp/services.js'
import type { GrpcProtocolConfig } from './config.js'
import { GrpcError, grpcEncodings, refuse, succeed } from './grpc-answer.js'
import { trackConnections } from './grpc-connections.js'
import { readMessage } from './grpc-message.js'
import { handOn } from './hand-on.js'

export interface OtlpGrpcServer {
  readonly server: Server
  /** Waits for calls under way, at most `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>
}

/** A message that takes longer to come is cut off. */
const RECEIVE_TIMEOUT_MS = 60_000

const SETTINGS = {
  settings: { maxConcurrentStreams: 1000 },
  // In MB, of one connection, for frames and headers: what messages hold is counted in the budget.
  maxSessionMemory: 64,
}

/**
 * OTLP/gRPC (opentelemetry-proto, `docs/specification.md`, "OTLP/gRPC"), for the signals that pipelines take.
 * On HTTP/2 itself: a gRPC library hands a message over when all of it is there and unpacked, and until
 * then nobody can count what the calls hold.
 */
export function createOtlpGrpcServer(
  config: GrpcProtocolConfig,
  tls: TlsServerFiles | undefined,
  keys: readonly IngestKey[],
  { logger, signals }: PipelineContext,
  next: Consumer,
): OtlpGrpcServer {
  const limit = config.max_recv_msg_size_mib * 1024 * 1024
  const budget = createByteBudget(config.max_buffered_bytes, () => new RetryableError('too many requests at once'))
  const unpack = createUnpacker(limit, config.max_buffered_bytes)
  const server = tls
    ? createSecureServer({ ...SETTINGS, ...tls, requestCert: tls.ca !== undefined })
    : createServer(SETTINGS)

  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    // What breaks a stream ends its call, which says so.
    stream.on('error', () => undefined)
    if (headers[':method'] !== 'POST' || !/^application\/grpc(\+proto)?\s*(;|$)/.test(headers['content-type'] ?? '')) {
      stream.respond({ ':status': 415 }, { endStream: true })
      return
    }
    receive(stream, headers).then(
      () => succeed(stream),
      (error: unknown) => {
        logger.debug({ err: error }, 'refused a call')
        refuse(stream, error)
      },
    )
  })

  async function receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const signal = SIGNALS.find((candidate) => exportMethods[candidate].path === headers[':path'])
    if (!signal) throw new GrpcError(grpcStatus.UNIMPLEMENTED, `no such method: ${headers[':path']}`)
    const { authorization } = headers
    const key = keys.length > 0 ? findIngestKey({ authorization: authorization ?? '' }, keys) : undefined
    if (keys.length > 0 && !key)
      throw new GrpcError(grpcStatus.UNAUTHENTICATED, 'send a valid ingest key as authorization: Bearer KEY')
    if (!signals.includes(signal)) throw new GrpcError(grpcStatus.UNIMPLEMENTED, `no pipeline takes ${signal} here`)
    // A promise, unlike a function that waits, lets go of the bytes when it has handed them over.
    await budget.during((hold) =>
      read(stream, headers, hold).then((bytes) => handOn(decodeBatch(signal, bytes), key, next)),
    )
  }

  async function read(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    hold: (bytes: number) => void,
  ): Promise<Buffer> {
    const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), RECEIVE_TIMEOUT_MS)
    const message = await readMessage(stream, limit, hold).finally(() => clearTimeout(late))
    if (!message.compressed) return message.bytes
    const encoding = grpcEncodings.find((name) => name === headers['grpc-encoding'])
    if (!encoding)
      throw new GrpcError(grpcStatus.UNIMPLEMENTED, `messages may be compressed with ${grpcEncodings.join(' or ')}`)
    const plain = await unpack(encoding, message.bytes)
    hold(plain.length)
    return plain
  }

  return { server, stop: trackConnections(server) }
}
