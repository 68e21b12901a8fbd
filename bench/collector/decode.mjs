// How long decoding, encoding and copying an MCP span of 14 attributes takes; protobufjs beside our own codec.
// node bench/collector/decode.mjs
import { cloneTraces, decodeTraces, encodeTraces, parseTraces, tracesToJson } from '@mcpcat/collector'
import { sampleTraces } from '@mcpcat/collector/testing'
import protobuf from 'protobufjs'

const SPANS = 1000
const SECONDS = 1.5

const { root } = protobuf.parse(`
syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15; fixed32 flags = 16;
}
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`)
const Request = root.lookupType('Request')

const traces = sampleTraces(SPANS)
const bytes = encodeTraces(traces)
const json = JSON.stringify(tracesToJson(traces))

const cases = {
  'decode protobuf, ours': () => decodeTraces(bytes),
  'decode protobuf, protobufjs (without ids as hex, times as bigint)': () => Request.decode(bytes),
  'decode JSON': () => parseTraces(json),
  'encode protobuf, ours': () => encodeTraces(traces),
  'copy for a second pipeline': () => cloneTraces(traces),
}

console.log(
  `${SPANS} spans a batch, ${Math.round(bytes.length / SPANS)} bytes a span; microseconds of CPU a span, median`,
)
for (const [name, run] of Object.entries(cases)) console.log(`${median(run).toFixed(2).padStart(8)}  ${name}`)

/** CPU time instead of wall time: the machines that this runs on have other things to do. */
function median(run) {
  for (let warm = 0; warm < 30; warm += 1) run()
  const times = []
  for (const end = performance.now() + SECONDS * 1000; performance.now() < end;) {
    const start = process.cpuUsage()
    for (let batch = 0; batch < 10; batch += 1) run()
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 10)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] / SPANS
}
