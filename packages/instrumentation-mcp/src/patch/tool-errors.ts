import { registeredTool } from '../intent/registered-schema.js'
import { noteThrown } from '../meaning/incoming.js'
import type { Call } from '../meaning/call.js'
import { isRecord, stringOf, type Message, type RequestId } from '../wire.js'
import { connectionOf, type ProtocolInstance } from './connections.js'
import { patchMethods, type Method } from './prototypes.js'

/** From SDK 1.24 on every tool of an `McpServer` runs through `executeToolHandler`. */
export function hookToolErrors(high: object): void {
  patchMethods(high, 'executeToolHandler', {
    executeToolHandler: (original: Method) =>
      function (this: { server?: object }, ...args) {
        const result = original.apply(this as ProtocolInstance, args)
        const low = this.server
        // The SDK awaits the promise itself, so this subscription hides no rejection from anyone.
        if (low && result instanceof Promise) result.then(undefined, (error: unknown) => note(low, args[2], error))
        return result
      } as Method,
  })
}

type Callback = (...args: unknown[]) => unknown

const ours = new WeakSet<Callback>()

interface WrappedTool {
  readonly tool: WeakRef<Record<string, unknown>>
  readonly original: Callback
  readonly wrapped: Callback
}

let wrappedTools: WrappedTool[] = []
const MAX_REMEMBERED = 10_000

/** Gives the tools their own callbacks back. */
export function unhookRegisteredTools(): void {
  for (const { tool, original, wrapped } of wrappedTools) {
    const held = tool.deref()
    if (held?.['callback'] === wrapped) held['callback'] = original
  }
  wrappedTools = []
}

/**
 * Before SDK 1.24 the callback of a registered tool is called in place: it is wrapped when its tool
 * is about to run, so that it does not matter when it was registered, replaced or shared.
 */
export function hookRegisteredTool(low: ProtocolInstance, message: Message): void {
  const name = stringOf(message.params?.['name'])
  const tool = name === undefined ? undefined : registeredTool(low, name)
  const callback = tool?.['callback']
  if (!tool || typeof callback !== 'function' || ours.has(callback as Callback)) return
  const original = callback as Callback
  const wrapped: Callback = function (this: unknown, ...args) {
    const extra = args.at(-1)
    try {
      const result = original.apply(this, args)
      if (result instanceof Promise && result.constructor === Promise) {
        result.then(undefined, (error: unknown) => note(low, extra, error))
      }
      return result
    } catch (error) {
      note(low, extra, error)
      throw error
    }
  }
  ours.add(wrapped)
  tool['callback'] = wrapped
  if (wrappedTools.length >= MAX_REMEMBERED) wrappedTools = wrappedTools.filter((one) => one.tool.deref())
  if (wrappedTools.length < MAX_REMEMBERED) wrappedTools.push({ tool: new WeakRef(tool), original, wrapped })
}

/** Of the call in whose context the code runs that asks. */
export function noteToolError(low: object, error: unknown): void {
  note(low, undefined, error)
}

function note(low: object, extra: unknown, error: unknown): void {
  const call = callOf(low, extra)
  if (call) noteThrown(call, error)
}

/** The call that a handler's `extra` (v1) or `ctx` (v2) belongs to. */
function callOf(low: object, extra: unknown): Call | undefined {
  const connection = connectionOf(low)
  if (!connection) return undefined
  const id = isRecord(extra)
    ? (extra['requestId'] ?? (isRecord(extra['mcpReq']) ? extra['mcpReq']['id'] : undefined))
    : undefined
  const byId = id === undefined ? undefined : connection.incoming.get(id as RequestId)
  return byId ?? connection.incoming.active()
}
