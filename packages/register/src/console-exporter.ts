import { ExportResultCode, hrTimeToMicroseconds } from '@opentelemetry/core'
import type { ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { tell } from './stderr.js'

/** `OTEL_TRACES_EXPORTER=console`, one line a span, on stderr: stdout belongs to the MCP server. */
export class ConsoleExporter implements SpanExporter {
  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    for (const span of spans) {
      const { name, duration, status, attributes } = span
      const micros = Math.round(hrTimeToMicroseconds(duration))
      tell(`span ${JSON.stringify({ name, micros, status, attributes, traceId: span.spanContext().traceId })}`)
    }
    resultCallback({ code: ExportResultCode.SUCCESS })
  }

  async shutdown(): Promise<void> {}
}
