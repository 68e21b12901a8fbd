import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { IExportTraceServiceResponse, ISerializer } from '@opentelemetry/otlp-transformer'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'

export type OtlpProtocol = 'http/protobuf' | 'http/json'

export type TraceSerializer = ISerializer<ReadableSpan[], IExportTraceServiceResponse>

const encodings: Readonly<Record<OtlpProtocol, { contentType: string; serializer: TraceSerializer }>> = {
  'http/protobuf': { contentType: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  'http/json': { contentType: 'application/json', serializer: JsonTraceSerializer },
}

/** Where and how the standard path sends. */
export type StandardConfig = ReturnType<typeof convertLegacyHttpOptions> & { readonly serializer: TraceSerializer }

/** `OTEL_EXPORTER_OTLP_*`, read as OpenTelemetry's own exporters read them. */
export function standardConfig(protocol: OtlpProtocol): StandardConfig {
  const { contentType, serializer } = encodings[protocol]
  const config = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', { 'Content-Type': contentType })
  return { ...config, serializer }
}
