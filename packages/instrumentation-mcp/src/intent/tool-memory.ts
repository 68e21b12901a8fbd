import type { Connection } from '../meaning/connection.js'

/**
 * What a client was told of a tool: its schema got our `context` (`injected`), it was left as it is
 * (`kept`), or the tool itself is ours (`ours`).
 */
export type ToolState = 'injected' | 'kept' | 'ours'

const MAX_PER_SERVER = 10_000
const MAX_PER_PROCESS = 10_000

const perServer = new WeakMap<object, Map<string, ToolState>>()

/**
 * For deployments that make a new server for every request: by name and version of the server.
 * `differs` where two servers of one name do not agree, so that neither answers for the other.
 */
const perProcess = new Map<string, ToolState | 'differs'>()

export function rememberTool(connection: Connection, tool: string, state: ToolState): void {
  let tools = perServer.get(connection.protocol)
  if (!tools) perServer.set(connection.protocol, (tools = new Map()))
  const before = tools.get(tool)
  if (before === state) return
  if (tools.size < MAX_PER_SERVER || before !== undefined) tools.set(tool, state)
  const key = processKey(connection, tool)
  if (key === undefined) return
  const elsewhere = perProcess.get(key)
  // The server itself may change a tool; only another server of the same name contradicts.
  const agreed = elsewhere === undefined || elsewhere === state || elsewhere === before
  if (elsewhere === undefined && perProcess.size >= MAX_PER_PROCESS) return
  perProcess.set(key, agreed ? state : 'differs')
}

/** What this server's own listing said. */
export function toldByServer(connection: Connection, tool: string): ToolState | undefined {
  return perServer.get(connection.protocol)?.get(tool)
}

/** What every server of this name and version said so far. */
export function toldByNamesakes(connection: Connection, tool: string): ToolState | undefined {
  const key = processKey(connection, tool)
  const state = key === undefined ? undefined : perProcess.get(key)
  return state === 'differs' ? undefined : state
}

function processKey(connection: Connection, tool: string): string | undefined {
  const { server } = connection
  return server?.name === undefined ? undefined : JSON.stringify([server.name, server.version, tool])
}
