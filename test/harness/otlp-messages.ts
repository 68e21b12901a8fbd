import protobuf from 'protobufjs'

/** The part of OTLP's trace messages that the tests read (opentelemetry-proto 1.x, same field numbers). */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
  message Scope { string name = 1; string version = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9; repeated Event events = 11; Status status = 15;
  }
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
  message Status { string message = 2; int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value {
      string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
      ArrayValue array_value = 5;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
`)
const Request = root.lookupType('ExportTraceServiceRequest')

export type AttributeValue = string | number | boolean | AttributeValue[]
export type Attributes = Record<string, AttributeValue>

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty for a root. */
  readonly parentSpanId: string
  readonly name: string
  /** As the API numbers them: 1 is SERVER, 2 is CLIENT. */
  readonly kind: number
  readonly durationNanos: number
  readonly attributes: Attributes
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[]
  /** 0 is UNSET, 2 is ERROR. */
  readonly status: { readonly code: number; readonly message: string }
  readonly scope: string
  readonly resource: Attributes
}

interface WireValue {
  stringValue?: string
  boolValue?: boolean
  intValue?: string | number
  doubleValue?: number
  arrayValue?: { values?: WireValue[] }
}
type WireAttributes = readonly { key: string; value?: WireValue }[] | undefined
interface WireSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes?: WireAttributes
  events?: readonly { name: string; attributes?: WireAttributes }[]
  status?: { code?: number; message?: string }
}
interface WireRequest {
  resourceSpans?: readonly {
    resource?: { attributes?: WireAttributes }
    scopeSpans?: readonly { scope?: { name?: string }; spans?: readonly WireSpan[] }[]
  }[]
}

/** The spans of one OTLP/HTTP request body. */
export function readSpans(body: Buffer, contentType: string): ReceivedSpan[] {
  const request = contentType.includes('json') ? (JSON.parse(body.toString()) as WireRequest) : decode(body)
  return (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    (scopeSpans ?? []).flatMap(({ scope, spans }) =>
      (spans ?? []).map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        // OTLP counts from UNSPECIFIED, the API from INTERNAL.
        kind: span.kind - 1,
        durationNanos: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)),
        attributes: plain(span.attributes),
        events: (span.events ?? []).map((event) => ({ name: event.name, attributes: plain(event.attributes) })),
        status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
        scope: scope?.name ?? '',
        resource: plain(resource?.attributes),
      })),
    ),
  )
}

function decode(body: Buffer): WireRequest {
  const object = Request.toObject(Request.decode(body), { longs: String, bytes: Array }) as WireRequest
  for (const { scopeSpans } of object.resourceSpans ?? []) {
    for (const span of (scopeSpans ?? []).flatMap(({ spans }) => spans ?? [])) {
      for (const key of ['traceId', 'spanId', 'parentSpanId'] as const) {
        const bytes = span[key] as unknown as number[] | undefined
        span[key] = Buffer.from(bytes ?? []).toString('hex')
      }
    }
  }
  return object
}

function plain(attributes: WireAttributes): Attributes {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plainValue(value ?? {})]))
}

function plainValue(value: WireValue): AttributeValue {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plainValue)
  if (value.intValue !== undefined) return Number(value.intValue)
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? ''
}
