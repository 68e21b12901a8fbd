import protobuf from 'protobufjs'
import { COMMON_PROTO } from '../otlp/common-proto.js'

/**
 * `collector/trace/v1` of opentelemetry-proto 1.9 for protobufjs, which shares nothing with our own codec
 * of traces: the oracle it is tested against.
 */
const PROTO = `
syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Span {
  bytes trace_id = 1;
  bytes span_id = 2;
  string trace_state = 3;
  bytes parent_span_id = 4;
  string name = 5;
  int32 kind = 6;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10;
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
  repeated Event events = 11;
  uint32 dropped_events_count = 12;
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
  repeated Link links = 13;
  uint32 dropped_links_count = 14;
  Status status = 15;
  fixed32 flags = 16;
}
message Status { string message = 2; int32 code = 3; }
message RpcStatus { int32 code = 1; string message = 2; }
${COMMON_PROTO}`

const { root } = protobuf.parse(PROTO)

export const oracleRequest: protobuf.Type = root.lookupType('ExportTraceServiceRequest')
export const oracleStatus: protobuf.Type = root.lookupType('RpcStatus')

/** What a later version of OTLP may add to any message: a field of each wire type. */
const LATER = `
  fixed64 later_fixed64 = 1001;
  fixed32 later_fixed32 = 1002;
  sint64 later_varint = 1003;
  string later_text = 1004;
  repeated KeyValue later_messages = 1005;
`

/** The request as that later version knows it. */
export const laterRequest: protobuf.Type = protobuf
  .parse(PROTO.replaceAll(/^( *message (?!RpcStatus)\w+ \{)/gm, `$1${LATER}`))
  .root.lookupType('ExportTraceServiceRequest')

/** Members that fill the fields above. */
export const laterMembers: object = {
  laterFixed64: 7,
  laterFixed32: 7,
  laterVarint: -7,
  laterText: 'later',
  laterMessages: [{ key: 'later', value: { stringValue: 'later' } }],
}

/** What an encoded request means, in one normal form: 64-bit integers as text, bytes as base64, defaults left out. */
export function meaningOf(bytes: Uint8Array): unknown {
  return normal(oracleRequest.toObject(oracleRequest.decode(bytes), { longs: String, bytes: String }))
}

/** Single messages that mean the same when empty and when absent. */
const OPTIONAL = new Set(['resource', 'scope', 'status', 'value'])

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([key, member]) => [key, normal(member)] as const)
  return Object.fromEntries(members.filter(([key, member]) => !(OPTIONAL.has(key) && isEmpty(member))))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
