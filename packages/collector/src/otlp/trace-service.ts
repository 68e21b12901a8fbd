import type { MethodDefinition } from '@grpc/grpc-js'

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

/** `TraceService.Export` with its messages as bytes: our own codec reads and writes them. */
export const exportMethod: MethodDefinition<Buffer, Buffer> = {
  path: PATH,
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
}

function asIs(bytes: Buffer): Buffer {
  return bytes
}
