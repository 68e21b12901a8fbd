export type {
  Component,
  ComponentContext,
  ComponentKind,
  Endpoint,
  Exporter,
  ExporterFactory,
  ExtensionFactory,
  Factory,
  Host,
  Processor,
  ProcessorFactory,
  ReceiverFactory,
} from './component.js'
export type { TracesConsumer } from './consumer.js'
export { PermanentError, RetryableError, UserError } from './errors.js'
export type {
  AnyValue,
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
export { setAttribute, spanCount, stringAttribute } from './traces.js'
