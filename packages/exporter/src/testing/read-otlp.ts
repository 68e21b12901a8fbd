import protobuf from 'protobufjs'

/** opentelemetry-proto 1.x, the parts that tests read; protobufjs as a reader of its own, apart from the serializer in use. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string name = 5; int32 kind = 6;
    repeated KeyValue attributes = 9; repeated Event events = 11; repeated Link links = 13; Status status = 15;
  }
  message Event { string name = 2; repeated KeyValue attributes = 3; }
  message Link { repeated KeyValue attributes = 4; }
  message Status { string message = 2; int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message ExportTraceServiceResponse { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
`)

export interface ReceivedSpan {
  spanId: string
  name: string
  attributes: Record<string, unknown>
  events: { name: string; attributes: Record<string, unknown> }[]
  status: { code?: number; message?: string }
  resource: Record<string, unknown>
}

interface WireValue {
  stringValue?: string
  boolValue?: boolean
  intValue?: number
  doubleValue?: number
  arrayValue?: { values?: WireValue[] }
}
type WireAttributes = { key: string; value?: WireValue }[] | undefined
interface WireRequest {
  resourceSpans?: {
    resource?: { attributes?: WireAttributes }
    scopeSpans?: {
      spans?: {
        spanId: string
        name: string
        attributes?: WireAttributes
        events?: { name: string; attributes?: WireAttributes }[]
        status?: { code?: number; message?: string }
      }[]
    }[]
  }[]
}

export function readOtlp(body: Uint8Array): ReceivedSpan[] {
  const type = root.lookupType('ExportTraceServiceRequest')
  const request = type.toObject(type.decode(body), { longs: Number, bytes: String }) as WireRequest
  return (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) =>
      spans.map((span) => ({
        spanId: span.spanId,
        name: span.name,
        attributes: read(span.attributes),
        events: (span.events ?? []).map(({ name, attributes }) => ({ name, attributes: read(attributes) })),
        status: span.status ?? {},
        resource: read(resource?.attributes),
      })),
    ),
  )
}

export function partialSuccess(rejectedSpans: number, errorMessage: string): Uint8Array {
  const type = root.lookupType('ExportTraceServiceResponse')
  return type.encode(type.create({ partialSuccess: { rejectedSpans, errorMessage } })).finish()
}

function read(attributes: WireAttributes): Record<string, unknown> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, readValue(value)]))
}

function readValue(value: WireValue | undefined): unknown {
  if (value?.arrayValue) return (value.arrayValue.values ?? []).map(readValue)
  return value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue
}
