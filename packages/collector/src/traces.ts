/**
 * Traces as they flow through pipelines: the shape of OTLP's `ExportTraceServiceRequest`
 * (opentelemetry-proto, `trace/v1/trace.proto`), with ids as lower-case hex and 64-bit integers as
 * bigint, so that what came in can go out again unchanged.
 */
export interface Traces {
  resourceSpans: ResourceSpans[]
}

export interface ResourceSpans {
  resource: Resource
  scopeSpans: ScopeSpans[]
  schemaUrl: string
}

export interface Resource {
  attributes: KeyValue[]
  droppedAttributesCount: number
  /** Absent when there are none. */
  entityRefs?: EntityRef[]
}

/** Which attributes of a resource identify and describe an entity (`common/v1/common.proto`, in development). */
export interface EntityRef {
  schemaUrl: string
  type: string
  idKeys: string[]
  descriptionKeys: string[]
}

export interface ScopeSpans {
  scope: Scope
  spans: Span[]
  schemaUrl: string
}

export interface Scope {
  name: string
  version: string
  attributes: KeyValue[]
  droppedAttributesCount: number
}

/**
 * A decoded span stays in the bytes of its request until somebody asks for what can be changed in place, so that its
 * fields are no properties of the object's own: copy spans with `cloneTraces`, not by spreading.
 */
export interface Span {
  /** 32 hex digits. */
  traceId: string
  /** 16 hex digits. */
  spanId: string
  traceState: string
  /** 16 hex digits, or empty for a root span. */
  parentSpanId: string
  flags: number
  name: string
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  startTimeUnixNano: bigint
  endTimeUnixNano: bigint
  attributes: KeyValue[]
  droppedAttributesCount: number
  events: SpanEvent[]
  droppedEventsCount: number
  links: SpanLink[]
  droppedLinksCount: number
  status: SpanStatus
}

export interface SpanEvent {
  timeUnixNano: bigint
  name: string
  attributes: KeyValue[]
  droppedAttributesCount: number
}

export interface SpanLink {
  traceId: string
  spanId: string
  traceState: string
  attributes: KeyValue[]
  droppedAttributesCount: number
  flags: number
}

export interface SpanStatus {
  message: string
  /** 0 unset, 1 ok, 2 error. */
  code: number
}

export interface KeyValue {
  key: string
  value: AnyValue
}

/** Exactly one member is set; none means OTLP's empty value. */
export interface AnyValue {
  stringValue?: string
  boolValue?: boolean
  intValue?: bigint
  doubleValue?: number
  arrayValue?: { values: AnyValue[] }
  kvlistValue?: { values: KeyValue[] }
  bytesValue?: Uint8Array
}

/** The attribute's value as a string, or undefined when absent or of another type. */
export function stringAttribute(attributes: readonly KeyValue[], key: string): string | undefined {
  for (const attribute of attributes) if (attribute.key === key) return attribute.value.stringValue
  return undefined
}

/** Sets or replaces an attribute in place. */
export function setAttribute(attributes: KeyValue[], key: string, value: AnyValue): void {
  const known = attributes.find((attribute) => attribute.key === key)
  if (known) known.value = value
  else attributes.push({ key, value })
}

export function spanCount(traces: Traces): number {
  let count = 0
  for (const { scopeSpans } of traces.resourceSpans) for (const { spans } of scopeSpans) count += spans.length
  return count
}
