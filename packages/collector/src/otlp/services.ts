import type { MethodDefinition } from '@grpc/grpc-js'
import type { Signal } from '../batch.js'

/** The `Export` of each OTLP service with its messages as bytes: our own codec reads and writes them. */
export const exportMethods: Readonly<Record<Signal, MethodDefinition<Buffer, Buffer>>> = {
  traces: method('trace.v1.TraceService'),
  metrics: method('metrics.v1.MetricsService'),
  logs: method('logs.v1.LogsService'),
}

function method(service: string): MethodDefinition<Buffer, Buffer> {
  return {
    path: `/opentelemetry.proto.collector.${service}/Export`,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes
}
