export { DEFAULT_KEPT_ATTRIBUTES } from './attribute-policy.js'
export type { DetailedExporter, DetailedExportResult, ExportOutcome, PendingRequest } from './export-outcome.js'
export { McpcatSpanExporter } from './exporter.js'
export type { McpcatSpanExporterOptions } from './exporter-options.js'
export type { SpillStats } from './delivery/spill.js'
export type { TlsOptions } from './delivery/http-client.js'
export type { RedactableEvent, RedactEvent, RedactText } from './hooks.js'
export { DROP_REASONS } from './ledger.js'
export type { DropReason, ProcessorStats } from './ledger.js'
export { McpcatSpanProcessor } from './processor.js'
export type { McpcatSpanProcessorOptions } from './processor-options.js'
export type { DetectorName } from './redaction/detectors.js'
export type { KeyRuleOptions } from './redaction/key-rule.js'
export type { RedactionOptions } from './redaction/redactor.js'
export type {
  ExportResultLike,
  InstrumentationScopeLike,
  ReadableSpanLike,
  ResourceLike,
  SpanEventLike,
  SpanExporterLike,
  SpanProcessorLike,
} from './span-types.js'
