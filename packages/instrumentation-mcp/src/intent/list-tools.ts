import type { ResolvedConfig } from '../config.js'
import type { Call } from '../meaning/call.js'
import type { Connection } from '../meaning/connection.js'
import { isRecord, stringOf, type Message } from '../wire.js'
import { GET_MORE_TOOLS, GET_MORE_TOOLS_DEFINITION } from './get-more-tools.js'
import { registeredContext } from './registered-schema.js'
import { canTakeContext, namesNoProperty, withContextProperty } from './schema.js'
import { rememberTool, toldByServer, type ToolState } from './tool-memory.js'

/**
 * A copy of an outgoing `tools/list` answer in which every tool that can take it has the `context`
 * property, and the last page has `get_more_tools`. Everything else is as it was and where it was.
 */
export function extendToolList(call: Call, response: Message): Message {
  const { config } = call.runtime
  if (!isRecord(response.result)) return response
  const listed = response.result['tools']
  if (!Array.isArray(listed)) return response
  const tools: unknown[] = listed.map((tool: unknown) => extendTool(call.connection, config, tool))
  if (endsWithReport(call, response.result)) {
    rememberTool(call.connection, GET_MORE_TOOLS, 'ours')
    tools.push(GET_MORE_TOOLS_DEFINITION)
  }
  return { ...response, result: { ...response.result, tools } }
}

/** What a client is told of the tool as listed. */
export function stateOf(connection: Connection, config: ResolvedConfig, tool: unknown): ToolState {
  if (!isRecord(tool) || config.context === 'off') return 'kept'
  const name = stringOf(tool['name'])
  const schema = tool['inputSchema']
  if (name === undefined || config.contextExcludeTools.has(name) || !canTakeContext(schema)) return 'kept'
  // A list without properties may hide what the schema really takes.
  if (namesNoProperty(schema)) {
    const registered = registeredContext(connection.protocol, name)
    if (registered === 'owned' || registered === 'hidden') return 'kept'
  }
  return 'injected'
}

function extendTool(connection: Connection, config: ResolvedConfig, tool: unknown): unknown {
  const name = isRecord(tool) ? stringOf(tool['name']) : undefined
  if (!isRecord(tool) || name === undefined) return tool
  const state = stateOf(connection, config, tool)
  rememberTool(connection, name, state)
  if (state !== 'injected' || !isRecord(tool['inputSchema'])) return tool
  const required = config.context === 'required'
  return { ...tool, inputSchema: withContextProperty(tool['inputSchema'], config.contextDescription, required) }
}

function endsWithReport(call: Call, result: Record<string, unknown>): boolean {
  if (!call.runtime.config.getMoreTools || result['nextCursor'] !== undefined) return false
  // A server that has a tool of this name keeps it.
  const told = toldByServer(call.connection, GET_MORE_TOOLS)
  return told === undefined || told === 'ours'
}
