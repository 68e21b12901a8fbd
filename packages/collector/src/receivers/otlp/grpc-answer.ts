import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { PermanentError, RetryableError } from '../../errors.js'
import { UnpackError } from '../../http/unpack.js'
import { grpcStatus, type GrpcStatus } from '../../otlp/grpc-status.js'
import { retryInfoStatus, STATUS_DETAILS } from '../../otlp/retry-info.js'
import { MalformedError } from '../../otlp/wire-reader.js'

/** A refusal that names its code. */
export class GrpcError extends Error {
  override name = 'GrpcError'
  readonly code: GrpcStatus
  constructor(code: GrpcStatus, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What a message may come in, beside as it is. */
export const grpcEncodings = ['gzip', 'deflate'] as const

const HEADERS: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': ['identity', ...grpcEncodings].join(','),
}

/** Senders that cannot know better wait this long. */
const DEFAULT_RETRY_AFTER_MS = 1000

/** One message without fields, which says of an export that all was taken. */
const EMPTY_MESSAGE: Buffer = Buffer.alloc(5)

export function succeed(stream: ServerHttp2Stream): void {
  if (stream.destroyed || stream.closed) return
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(grpcStatus.OK) }))
  stream.respond(HEADERS, { waitForTrailers: true })
  stream.end(EMPTY_MESSAGE)
}

/** Answers with headers alone; what is still to come of the message is not wanted then. */
export function refuse(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed || stream.closed) return
  const { code, message, details } = refusal(error)
  stream.respond(
    {
      ...HEADERS,
      'grpc-status': String(code),
      // Through UTF-8, which has no lone surrogates.
      'grpc-message': encodeURI(Buffer.from(message).toString()),
      ...(details && { [STATUS_DETAILS]: details.toString('base64') }),
    },
    { endStream: true },
  )
  if (stream.readableEnded) return
  stream.close(constants.NGHTTP2_NO_ERROR)
  // What has come already would hold the stream, and with it the connection.
  stream.resume()
}

function refusal(error: unknown): { code: GrpcStatus; message: string; details?: Buffer } {
  if (error instanceof GrpcError) return { code: error.code, message: error.message }
  if (error instanceof UnpackError)
    return {
      code: error.reason === 'too large' ? grpcStatus.RESOURCE_EXHAUSTED : grpcStatus.INTERNAL,
      message: error.message,
    }
  if (error instanceof MalformedError || error instanceof PermanentError)
    return { code: grpcStatus.INVALID_ARGUMENT, message: error.message }
  // Whatever else the pipeline says, the data itself may be good: let the sender try again.
  const message = error instanceof RetryableError ? error.message : 'the collector cannot take this now'
  const delay = (error instanceof RetryableError ? error.retryAfterMs : undefined) ?? DEFAULT_RETRY_AFTER_MS
  return { code: grpcStatus.UNAVAILABLE, message, details: retryInfoStatus(grpcStatus.UNAVAILABLE, message, delay) }
}
