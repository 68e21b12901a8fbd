"""Sends one span with every kind of attribute through the official exporters; writes what it means, as OTLP JSON.

Usage: emit.py HTTP_ENDPOINT GRPC_ENDPOINT
"""

import base64
import json
import sys

from google.protobuf.json_format import MessageToDict
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

http, grpc = sys.argv[1:]
kept = InMemorySpanExporter()
provider = TracerProvider(resource=Resource.create({"service.name": "python", "numbers": [1, 2, 3]}))
provider.add_span_processor(SimpleSpanProcessor(kept))
provider.add_span_processor(SimpleSpanProcessor(HttpExporter(endpoint=f"{http}/v1/traces")))
provider.add_span_processor(SimpleSpanProcessor(GrpcExporter(endpoint=grpc, insecure=True)))

tracer = provider.get_tracer(
    "scope", "1.2.3", schema_url="https://opentelemetry.io/schemas/1.40.0", attributes={"in": "scope"}
)
linked = SpanContext(0xA1, 0xB1, True, TraceFlags(1), TraceState([("vendor", "value")]))
span = tracer.start_span(
    "tools/call search",
    kind=SpanKind.SERVER,
    links=[Link(linked, {"why": "linked"})],
    start_time=1790000000123456789,
    attributes={
        "mcp.method.name": "tools/call",
        "text": "ä€😀",
        "int": -(2**63),
        "double": 1.25,
        "no": False,
        "strings": ["a", "b"],
        "none": [],
        "bytes": b"\x00\xff\x10",
    },
)
span.add_event("exception", {"exception.type": "TypeError"}, timestamp=1790000000200000001)
span.set_status(Status(StatusCode.ERROR, "went wrong"))
span.end(1790000000373456791)
provider.shutdown()


def hex_ids(value):
    """OTLP's JSON has ids in hex where Protobuf's has base64."""
    if isinstance(value, list):
        return [hex_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    return {key: base64.b64decode(item).hex() if key in ids else hex_ids(item) for key, item in value.items()}


message = encode_spans(kept.get_finished_spans())
print(json.dumps(hex_ids(MessageToDict(message, use_integers_for_enums=True))))
