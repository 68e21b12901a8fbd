import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCPCAT_CONNECTION_ID,
  ATTR_MCPCAT_ERROR_FINGERPRINT,
  ATTR_MCPCAT_ERROR_TEMPLATE,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_INTENT,
  ATTR_MCPCAT_MISSING_TOOL,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
  ATTR_MCP_CLIENT_NAME,
  ATTR_MCP_CLIENT_VERSION,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_RESOURCE_URI,
  ATTR_MCP_SERVER_NAME,
  ATTR_MCP_SERVER_VERSION,
  ATTR_MCP_SESSION_ID,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_USER_EMAIL,
  ATTR_USER_ID,
  ATTR_USER_NAME,
} from '@mcpcat/semconv'

/** Attributes with a column of their own size, whatever they say. */
export const CONTENTS: readonly string[] = [
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
]

/** Columns that say word for word what an attribute says, and nothing where there is none. */
export interface ColumnsOfAttributes {
  readonly client_name: string
  readonly client_version: string
  readonly protocol_version: string
  readonly server_version: string
  readonly mcp_session_id: string
  readonly connection_id: string
  readonly error_fingerprint: string
  readonly error_template: string
  readonly intent: string
  readonly transport: string
  readonly user_id: string
  readonly user_name: string
}

/** Their names: such attributes are not repeated in the column `attributes`. */
const NAMES: Readonly<Record<keyof ColumnsOfAttributes, string>> = {
  client_name: ATTR_MCP_CLIENT_NAME,
  client_version: ATTR_MCP_CLIENT_VERSION,
  protocol_version: ATTR_MCP_PROTOCOL_VERSION,
  server_version: ATTR_MCP_SERVER_VERSION,
  mcp_session_id: ATTR_MCP_SESSION_ID,
  connection_id: ATTR_MCPCAT_CONNECTION_ID,
  error_fingerprint: ATTR_MCPCAT_ERROR_FINGERPRINT,
  error_template: ATTR_MCPCAT_ERROR_TEMPLATE,
  intent: ATTR_MCPCAT_INTENT,
  transport: ATTR_NETWORK_TRANSPORT,
  user_id: ATTR_USER_ID,
  user_name: ATTR_USER_NAME,
}
export const COLUMNED: readonly string[] = Object.values(NAMES)

/** The attributes that an event's row has in columns of their own. */
export function attributesInColumns(row: ColumnsOfAttributes): Record<string, string> {
  const columns = Object.keys(NAMES) as (keyof ColumnsOfAttributes)[]
  return Object.fromEntries(
    columns.filter((column) => row[column] !== '').map((column) => [NAMES[column], row[column]]),
  )
}

/** Other attributes that columns are made of. */
export const READ: readonly string[] = [
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_RESOURCE_URI,
  ATTR_MCP_SERVER_NAME,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_MISSING_TOOL,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_USER_EMAIL,
]

/** Where {@link EventAttributes} has the attribute of one of these names. */
export function placeOf(name: string): number {
  const place = [...CONTENTS, ...COLUMNED, ...READ].indexOf(name)
  if (place < 0) throw new Error(`no column is made of ${name}`)
  return place
}
