import type { ResolvedConfig } from '../config.js'
import type { Connection } from '../meaning/connection.js'
import { isRecord, stringOf } from '../wire.js'
import { GET_MORE_TOOLS } from './get-more-tools.js'
import { stateOf } from './list-tools.js'
import { rememberTool, toldByServer, type ToolState } from './tool-memory.js'

/** A request handler as the SDK keeps it: the request, and what v1 calls `extra` and v2 `ctx`. */
export type Handler = (request: unknown, extra: unknown) => unknown

const MAX_PAGES = 20

/**
 * Asks a server that never listed its tools to this process what its list says: its own list
 * handler, called with what the tool call came with. `kept` where that cannot be found out, so
 * that an argument which may be the tool's own passes.
 */
export async function askServer(
  connection: Connection,
  config: ResolvedConfig,
  list: Handler | undefined,
  tool: string,
  extra: unknown,
): Promise<ToolState> {
  if (!list) return 'kept'
  let cursor: string | undefined
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor }
    // Pages come one after the other.
    // oxlint-disable-next-line no-await-in-loop
    const result = await list({ jsonrpc: '2.0', id: 'mcpcat-tools', method: 'tools/list', params }, extra)
    if (!isRecord(result) || !Array.isArray(result['tools'])) return 'kept'
    for (const listed of result['tools'] as unknown[]) {
      const name = isRecord(listed) ? stringOf(listed['name']) : undefined
      if (name !== undefined) rememberTool(connection, name, stateOf(connection, config, listed))
    }
    const known = toldByServer(connection, tool)
    if (known) return known
    cursor = stringOf(result['nextCursor'])
    if (cursor === undefined) break
  }
  return tool === GET_MORE_TOOLS && config.getMoreTools ? 'ours' : 'kept'
}
