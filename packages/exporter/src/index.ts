export { McpcatSpanExporter } from './exporter.js'
export type { McpcatSpanExporterOptions } from './exporter.js'
export { McpcatSpanProcessor } from './processor.js'
export type { McpcatSpanProcessorOptions, ProcessorStats } from './processor.js'
export type {
  ExportResultLike,
  InstrumentationScopeLike,
  ReadableSpanLike,
  ResourceLike,
  SpanEventLike,
  SpanExporterLike,
  SpanProcessorLike,
} from './span-types.js'
