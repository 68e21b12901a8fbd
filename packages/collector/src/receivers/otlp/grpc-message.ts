import type { ServerHttp2Stream } from 'node:http2'
import { GrpcError } from './grpc-answer.js'
import { grpcStatus } from '../../otlp/grpc-status.js'

/** One byte that says whether the message is compressed, four that say how long it is. */
const PREFIX_BYTES = 5

export interface FramedMessage {
  readonly compressed: boolean
  readonly bytes: Buffer
}

/**
 * Reads the one message of a call (gRPC over HTTP/2, "Length-Prefixed-Message").
 *
 * @param limit In bytes, for the message.
 * @param hold Told of bytes as they come.
 * @throws GrpcError for a message that is too large, or none, or more than one; what `hold` throws.
 */
export async function readMessage(
  stream: ServerHttp2Stream,
  limit: number,
  hold: (bytes: number) => void,
): Promise<FramedMessage> {
  const chunks: Buffer[] = []
  let size = 0
  let expected: number | undefined
  // The stream is still to carry the answer when reading ends early.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    hold(chunk.length)
    chunks.push(chunk)
    size += chunk.length
    if (expected === undefined && size >= PREFIX_BYTES) {
      const length = joined(chunks, size).readUInt32BE(1)
      if (length > limit)
        throw new GrpcError(
          grpcStatus.RESOURCE_EXHAUSTED,
          `the message is larger than ${limit} bytes; send fewer at a time, or raise max_recv_msg_size_mib`,
        )
      expected = PREFIX_BYTES + length
    }
    if (expected !== undefined && size > expected) throw notOne()
  }
  if (expected === undefined && size === 0) throw notOne()
  if (size !== expected) throw new GrpcError(grpcStatus.INTERNAL, 'the message ended before all of it had come')
  const framed = joined(chunks, size)
  return { compressed: framed[0] !== 0, bytes: framed.subarray(PREFIX_BYTES) }
}

function joined(chunks: readonly Buffer[], size: number): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
}

function notOne(): GrpcError {
  return new GrpcError(grpcStatus.UNIMPLEMENTED, 'a call takes exactly one message')
}
