import { guarded } from '../guard.js'
import { isRecord } from '../wire.js'
import { hookProtocolInstance, lowLevel } from './protocol.js'
import { noteToolError } from './tool-errors.js'

/** What code inserted by the loaders calls, with `this`, in every constructor of an MCP protocol. */
export const PROTOCOL_HOOK: unique symbol = Symbol.for('mcpcat.protocol-hook.v1')

/** What code inserted by the loaders calls where a framework makes a result of what a tool threw. */
export const THROWN_HOOK: unique symbol = Symbol.for('mcpcat.thrown-hook.v1')

type Host = {
  [PROTOCOL_HOOK]?: (instance: object) => void
  [THROWN_HOOK]?: (holder: object, error: unknown) => void
}

/** The holder has the server in `server`. */
function noteThrownIn(holder: object, error: unknown): void {
  guarded('thrown', () => {
    if (isRecord(holder)) noteToolError(lowLevel(holder), error)
  })
}

/** Several instrumentations may want the hooks; they are there as long as one does. */
const wanted = new Set<object>()

export function installProtocolHook(owner: object): void {
  wanted.add(owner)
  const host = globalThis as Host
  host[PROTOCOL_HOOK] ??= hookProtocolInstance
  host[THROWN_HOOK] ??= noteThrownIn
}

/** Returns whether the hooks are gone. */
export function removeProtocolHook(owner: object): boolean {
  wanted.delete(owner)
  if (wanted.size > 0) return false
  const host = globalThis as Host
  if (host[PROTOCOL_HOOK] === hookProtocolInstance) delete host[PROTOCOL_HOOK]
  if (host[THROWN_HOOK] === noteThrownIn) delete host[THROWN_HOOK]
  return true
}
