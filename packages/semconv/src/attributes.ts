/**
 * Attribute names of the MCP semantic conventions (OpenTelemetry GenAI conventions,
 * `docs/gen-ai/mcp.md`, status Development, August 2026), the general conventions that MCP
 * spans use, and the `mcpcat.*` names that this project adds.
 *
 * Own copies, because `@opentelemetry/semantic-conventions` deprecates its `ATTR_MCP_*`.
 */

export const ATTR_MCP_METHOD_NAME = 'mcp.method.name'
export const ATTR_MCP_PROTOCOL_VERSION = 'mcp.protocol.version'
/** Only when the transport really has one; never invented. */
export const ATTR_MCP_SESSION_ID = 'mcp.session.id'
export const ATTR_MCP_RESOURCE_URI = 'mcp.resource.uri'
export const ATTR_MCP_CLIENT_NAME = 'mcp.client.name'
export const ATTR_MCP_CLIENT_VERSION = 'mcp.client.version'
export const ATTR_MCP_CLIENT_TITLE = 'mcp.client.title'
export const ATTR_MCP_SERVER_NAME = 'mcp.server.name'
export const ATTR_MCP_SERVER_VERSION = 'mcp.server.version'

/** A string, also when the id on the wire is a number; absent for notifications. */
export const ATTR_JSONRPC_REQUEST_ID = 'jsonrpc.request.id'
/** Only when it is not `2.0`. */
export const ATTR_JSONRPC_PROTOCOL_VERSION = 'jsonrpc.protocol.version'
/** The JSON-RPC error code of the response, as a string. */
export const ATTR_RPC_RESPONSE_STATUS_CODE = 'rpc.response.status_code'

export const ATTR_GEN_AI_OPERATION_NAME = 'gen_ai.operation.name'
export const ATTR_GEN_AI_TOOL_NAME = 'gen_ai.tool.name'
export const ATTR_GEN_AI_PROMPT_NAME = 'gen_ai.prompt.name'
export const ATTR_GEN_AI_TOOL_CALL_ARGUMENTS = 'gen_ai.tool.call.arguments'
export const ATTR_GEN_AI_TOOL_CALL_RESULT = 'gen_ai.tool.call.result'
export const ATTR_GEN_AI_CONVERSATION_ID = 'gen_ai.conversation.id'

export const ATTR_ERROR_TYPE = 'error.type'
export const ATTR_EXCEPTION_TYPE = 'exception.type'
export const ATTR_EXCEPTION_MESSAGE = 'exception.message'
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace'
export const ATTR_NETWORK_TRANSPORT = 'network.transport'
export const ATTR_NETWORK_PROTOCOL_NAME = 'network.protocol.name'
export const ATTR_NETWORK_PROTOCOL_VERSION = 'network.protocol.version'
export const ATTR_CLIENT_ADDRESS = 'client.address'
export const ATTR_CLIENT_PORT = 'client.port'
export const ATTR_SERVER_ADDRESS = 'server.address'
export const ATTR_SERVER_PORT = 'server.port'
export const ATTR_SERVICE_NAME = 'service.name'
export const ATTR_USER_ID = 'user.id'
export const ATTR_USER_NAME = 'user.name'
export const ATTR_USER_EMAIL = 'user.email'
export const ATTR_SESSION_ID = 'session.id'
export const ATTR_SESSION_PREVIOUS_ID = 'session.previous_id'

/** Resource attributes. */
export const ATTR_MCPCAT_PROJECT_ID = 'mcpcat.project.id'
export const ATTR_MCPCAT_SDK_LANGUAGE = 'mcpcat.sdk.language'
export const ATTR_MCPCAT_SDK_VERSION = 'mcpcat.sdk.version'

/** The agent's own words, from the injected `context` argument of a tool call. */
export const ATTR_MCPCAT_INTENT = 'mcpcat.intent'
/** One connection of a transport with a single peer (stdio): the raw session where the protocol has no id. */
export const ATTR_MCPCAT_CONNECTION_ID = 'mcpcat.connection.id'
/** How `session.id` was derived: see {@link SESSION_SOURCES}. */
export const ATTR_MCPCAT_SESSION_SOURCE = 'mcpcat.session.source'
/** 0 to 1. */
export const ATTR_MCPCAT_SESSION_CONFIDENCE = 'mcpcat.session.confidence'
/** The conversation's id as the host app or the application gave it: evidence, not our session id. */
export const ATTR_MCPCAT_SESSION_HANDLE = 'mcpcat.session.handle'
/** A hash of the authenticated subject, where the user is not identified. */
export const ATTR_MCPCAT_AUTH_SUBJECT = 'mcpcat.auth.subject'
/** JSON of a request's params or a response's result; on the MCPcat path only. */
export const ATTR_MCPCAT_REQUEST = 'mcpcat.request'
export const ATTR_MCPCAT_RESPONSE = 'mcpcat.response'
/** What a custom event is about. */
export const ATTR_MCPCAT_RESOURCE_NAME = 'mcpcat.resource.name'
/** `true` on a call of the injected `get_more_tools`: the intent then describes the missing capability. */
export const ATTR_MCPCAT_MISSING_TOOL = 'mcpcat.missing_tool'
/** `true` where the caller took the request back, or went away, before it was answered. */
export const ATTR_MCPCAT_CANCELLED = 'mcpcat.cancelled'
/** JSON of what the `eventProperties` hook returned. */
export const ATTR_MCPCAT_PROPERTIES = 'mcpcat.properties'
/** `custom` or `identify`: an event that is no protocol request. */
export const ATTR_MCPCAT_EVENT_TYPE = 'mcpcat.event.type'
export const ATTR_MCPCAT_ERROR_FINGERPRINT = 'mcpcat.error.fingerprint'
export const ATTR_MCPCAT_ERROR_TEMPLATE = 'mcpcat.error.template'

/** Followed by the name of the prompt's argument; opt-in. */
export const PREFIX_GEN_AI_PROMPT_VARIABLE = 'gen_ai.prompt.variable.'
/** Followed by the trait's name. */
export const PREFIX_MCPCAT_USER = 'mcpcat.user.'
/** Followed by the tag's key. */
export const PREFIX_MCPCAT_TAG = 'mcpcat.tag.'

export const SESSION_SOURCES = ['protocol', 'handle', 'connection', 'identity', 'inferred', 'isolated'] as const
export type SessionSource = (typeof SESSION_SOURCES)[number]
