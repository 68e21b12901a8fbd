"""A server that has run a published analytics SDK for a while, as its README says; nothing of ours is in it.

Usage: tracked_server.py mcpcat|agentcat
"""

import importlib
import sys

try:
    from mcp.server import MCPServer as Server
except ImportError:
    from mcp.server.fastmcp import FastMCP as Server

name = sys.argv[1]
sdk = importlib.import_module(name)
options = getattr(sdk, "MCPCatOptions" if name == "mcpcat" else "AgentCatOptions")

server = Server("weather")


@server.tool()
def forecast(city: str) -> str:
    if city == "Atlantis":
        raise ValueError("no such city: Atlantis")
    return f"sunny in {city}"


user = sdk.UserIdentity(user_id="ada", user_name="Ada", user_data={"plan": "pro"})
sdk.track(server, "proj_weather", options(identify=lambda request, context: user, disable_diagnostics=True))
server.run("stdio")
