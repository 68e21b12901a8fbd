import { connect, type IncomingHttpHeaders } from 'node:http2'
import { once } from 'node:events'

export interface GrpcAnswer {
  /** `google.rpc.Code`. */
  readonly status: number
  /** The encoded `google.rpc.Status`. */
  readonly details: Buffer
}

/** One OTLP/gRPC export, bare: what a client library would make of the answer is not the question. */
export async function grpcExport(url: string, message: Uint8Array): Promise<GrpcAnswer> {
  const session = connect(url)
  try {
    const call = session.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const head: NodeJS.Dict<string | string[]> = {}
    // An answer that is only an error has its status among the headers.
    for (const event of ['response', 'trailers'] as const)
      call.on(event, (headers: IncomingHttpHeaders) => void Object.assign(head, headers))
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(message.byteLength, 1)
    call.end(Buffer.concat([prefix, message]))
    call.resume()
    await once(call, 'close')
    return {
      status: Number(head['grpc-status']),
      details: Buffer.from(String(head['grpc-status-details-bin'] ?? ''), 'base64'),
    }
  } finally {
    session.close()
  }
}
