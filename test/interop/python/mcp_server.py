"""A server of the official Python SDK, which makes MCP spans itself; the OpenTelemetry SDK sends them over OTLP."""

from mcp.server import MCPServer
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)

server = MCPServer("weather")


@server.tool()
def forecast(city: str) -> str:
    if city == "Atlantis":
        raise ValueError("no such city: Atlantis")
    return f"sunny in {city}"


server.run("stdio")
provider.shutdown()
