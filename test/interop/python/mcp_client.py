"""An agent with the official Python SDK: it works within one trace, which the SDK tells the server.

Usage: mcp_client.py SERVER_SCRIPT
"""

import asyncio
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider


async def main() -> None:
    trace.set_tracer_provider(TracerProvider())
    server = StdioServerParameters(command=sys.executable, args=[sys.argv[1]], env=dict(os.environ))
    with trace.get_tracer("agent").start_as_current_span("conversation"):
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            await session.list_tools()
            await session.call_tool("forecast", {"city": "Oslo"})
            await session.call_tool("forecast", {"city": "Atlantis"})


asyncio.run(main())
