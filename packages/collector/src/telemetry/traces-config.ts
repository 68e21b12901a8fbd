import { z } from 'zod'

/** Where the collector's own spans go: a part of otelcol's shape, which is OpenTelemetry's declarative configuration. */
export interface TracesTelemetryConfig {
  processors: { batch: { exporter: { otlp: OwnTracesExporter } } }[]
}

export interface OwnTracesExporter {
  protocol: 'http/protobuf'
  /** A base URL, or the whole URL where it has a path. */
  endpoint: string
  headers: Record<string, string>
}

export const tracesTelemetrySchema: z.ZodType<TracesTelemetryConfig> = z.strictObject({
  processors: z
    .array(
      z.strictObject({
        batch: z.strictObject({
          exporter: z.strictObject({
            otlp: z.strictObject({
              protocol: z.literal('http/protobuf').default('http/protobuf'),
              endpoint: z.url({ protocol: /^https?$/, error: 'expected a URL such as http://127.0.0.1:4318' }),
              headers: z.record(z.string(), z.string()).default({}),
            }),
          }),
        }),
      }),
    )
    .default([]),
})
