export { itemCount, SIGNALS, signalOf, type Batch, type Payload, type PayloadSignal, type Signal } from './batch.js'
export type {
  Component,
  ComponentContext,
  ComponentKind,
  ConfiguredComponent,
  Endpoint,
  Exporter,
  ExporterFactory,
  ExtensionFactory,
  Factory,
  Finding,
  Host,
  PipelineContext,
  Processor,
  ProcessorFactory,
  ReceiverFactory,
  Surroundings,
} from './component.js'
export { signalsOf } from './component.js'
export { genericComponents } from './components.js'
export type { ConfigPath, ConfigSource } from './config/document.js'
export { unlistedExtension } from './config/examine.js'
export type { AttributeView } from './attributes/attribute-view.js'
export { AttributeNotes } from './attributes/attribute-view.js'
export { ByteSource, sameBytes } from './attributes/byte-source.js'
export { sharedAttribute, type SharedAttribute } from './attributes/shared-attributes.js'
export {
  addSharedAttributes,
  attributesOf,
  listedAttributes,
  noteOf,
  setNote,
  setSpanAttribute,
} from './attributes/span-attributes.js'
export { spanInBytes, type SpanInBytes } from './attributes/span-bytes.js'
export { textValues, valueText, wellFormed } from './attributes/value-text.js'
export { MOST_NAMES } from './attributes/names.js'
export { namesOfShape, NO_SHAPE } from './attributes/shapes.js'
export { WantedNames } from './attributes/wanted-names.js'
export { loadConfig, readConfigFile, type LoadedConfig, type LoadOptions } from './config/load.js'
export { resolveConfig, type PipelineConfig, type ResolvedConfig, type ServiceConfig } from './config/resolve.js'
export { duration, formatHostPort, hostPort, isLoopback, type HostPort } from './config/values.js'
export { around, type Consumer, type PayloadConsumer, type TracesConsumer } from './consumer.js'
export { PartialError, PermanentError, RetryableError, UserError } from './errors.js'
export { closeServer, listen } from './http/listen.js'
export { decodeTraces } from './otlp/decode-traces.js'
export { encodeTraces } from './otlp/encode-traces.js'
export { parseTraces, tracesToJson } from './otlp/json-traces.js'
export { MalformedError } from './otlp/wire-reader.js'
export { loadPlugins } from './plugins.js'
export type { ServedEndpoint } from './pipeline/lifecycle.js'
export { runCollector, type CollectorOptions, type RunningCollector } from './run.js'
export {
  retrySchema,
  examineQueue,
  sendingQueueSchema,
  type RetryConfig,
  type SendingConfig,
  type SendingQueueConfig,
} from './sending/config.js'
export type { Push } from './sending/queue.js'
export { createSender, createSignalSender } from './sending/sender.js'
export {
  createHealth,
  type Health,
  type HealthBoard,
  type Problem,
  type ReportProblem,
  type Weight,
} from './telemetry/health.js'
export { standingProblem, type StandingProblem } from './telemetry/standing-problem.js'
export { createMetrics, type Counter, type Labels, type Metrics, type MetricsRegistry } from './telemetry/metrics.js'
export { noTracing, type Place, type Tracing } from './telemetry/tracing.js'
export type {
  AnyValue,
  EntityRef,
  KeyValue,
  Resource,
  ResourceSpans,
  Scope,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  SpanStatus,
  Traces,
} from './traces.js'
export { cloneTraces, emptyTraces } from './clone-traces.js'
export { setAttribute, spanCount, stringAttribute } from './traces.js'
export { processStart } from './process-start.js'
export { asJournalStorage, type JournalStorage } from './sending/journal-storage.js'
