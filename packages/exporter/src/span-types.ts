import type { Attributes, Context, HrTime, Link, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api'

/**
 * The parts of the OpenTelemetry SDK that this package meets, as shapes: the same in the 2.x and
 * the 3.x line, so that no SDK class is imported and either line's objects fit.
 */

export interface ResourceLike {
  readonly attributes: Attributes
  readonly schemaUrl?: string | undefined
  readonly asyncAttributesPending?: boolean | undefined
  waitForAsyncAttributes?(): Promise<void>
}

export interface SpanEventLike {
  readonly time: HrTime
  readonly name: string
  readonly attributes?: Attributes | undefined
  readonly droppedAttributesCount?: number | undefined
}

export interface InstrumentationScopeLike {
  readonly name: string
  readonly version?: string | undefined
  readonly schemaUrl?: string | undefined
}

/** A finished span (`ReadableSpan` of the SDK). */
export interface ReadableSpanLike {
  readonly name: string
  readonly kind: SpanKind
  readonly spanContext: () => SpanContext
  readonly parentSpanContext?: SpanContext | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly status: SpanStatus
  readonly attributes: Attributes
  readonly links: Link[]
  readonly events: SpanEventLike[]
  readonly duration: HrTime
  readonly ended: boolean
  readonly resource: ResourceLike
  readonly instrumentationScope: InstrumentationScopeLike
  readonly droppedAttributesCount: number
  readonly droppedEventsCount: number
  readonly droppedLinksCount: number
}

/** `ExportResult` of the SDK: code 0 is success, 1 failure. */
export interface ExportResultLike {
  code: number
  error?: Error
}

/** `SpanExporter` of the SDK. Method syntax on purpose: an exporter of the SDK's own span type fits. */
export interface SpanExporterLike {
  export(spans: ReadableSpanLike[], resultCallback: (result: ExportResultLike) => void): void
  forceFlush?(): Promise<void>
  shutdown(): Promise<void>
}

/** `SpanProcessor` of the SDK. */
export interface SpanProcessorLike {
  onStart(span: object, parentContext: Context): void
  onEnd(span: ReadableSpanLike): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}
