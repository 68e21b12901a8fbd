import { hookProtocolInstance } from './protocol.js'

/** What code inserted by the loaders calls, with `this`, in every constructor of an MCP protocol. */
export const PROTOCOL_HOOK: unique symbol = Symbol.for('mcpcat.protocol-hook.v1')

type Host = { [PROTOCOL_HOOK]?: (instance: object) => void }

/** Several instrumentations may want the hook; it is there as long as one does. */
const wanted = new Set<object>()

export function installProtocolHook(owner: object): void {
  wanted.add(owner)
  const host = globalThis as Host
  host[PROTOCOL_HOOK] ??= hookProtocolInstance
}

/** Returns whether the hook is gone. */
export function removeProtocolHook(owner: object): boolean {
  wanted.delete(owner)
  if (wanted.size > 0) return false
  const host = globalThis as Host
  if (host[PROTOCOL_HOOK] === hookProtocolInstance) delete host[PROTOCOL_HOOK]
  return true
}
