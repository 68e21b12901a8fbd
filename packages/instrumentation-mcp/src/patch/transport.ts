import { context } from '@opentelemetry/api'
import { guarded, warnOnce } from '../guard.js'
import type { Connection, Transport } from '../meaning/connection.js'
import { contextOfHttpRequest } from '../meaning/http-request.js'
import { receiveResponse } from '../meaning/incoming.js'
import { endOnAbort, sendMessage } from '../meaning/outgoing.js'
import { runtimeOf } from '../runtime.js'
import { hasRequestId, isRecord } from '../wire.js'
import { hookStdioEntry } from './stdio-entry.js'
import { openConnection, type ProtocolInstance } from './connections.js'

type Method = (this: unknown, ...args: unknown[]) => unknown

interface Hooked {
  connection: Connection
  protocol: ProtocolInstance
  restore(): void
}

/** Own property of a hooked transport, whichever copy of this package hooked it. */
const marker: unique symbol = Symbol.for('mcpcat.transport-hook.v1')

type HookedTransport = Transport & { [marker]?: Hooked }

/** Of the transports that are hooked, to restore them all. */
let hookedTransports: WeakRef<HookedTransport>[] = []
let pruneAt = 256

/**
 * Wraps `send` of the transport, once, and opens the connection. Undefined for a transport that lets
 * nothing be wrapped: what is not seen to end had better not begin.
 */
export function hookTransport(protocol: ProtocolInstance, transport: HookedTransport): Connection | undefined {
  try {
    return openTransport(protocol, transport)
  } catch (error) {
    warnOnce('a transport cannot be hooked, so its messages have no spans', error)
    return undefined
  }
}

function openTransport(protocol: ProtocolInstance, transport: HookedTransport): Connection {
  const connection = openConnection(protocol, transport)
  const known = transport[marker]
  if (known) {
    known.connection = connection
    known.protocol = protocol
    return connection
  }
  hook(transport, connection, protocol)
  guarded('stdio entry', () => hookStdioEntry(protocol, transport, connection))
  return connection
}

/** Puts back what was replaced on this transport. */
export function unhookTransport(transport: HookedTransport): void {
  transport[marker]?.restore()
}

export function unhookAllTransports(): void {
  for (const reference of hookedTransports) reference.deref()?.[marker]?.restore()
  hookedTransports = []
}

function hook(transport: HookedTransport, connection: Connection, protocol: ProtocolInstance): void {
  const restores: (() => void)[] = []
  const state: Hooked = {
    connection,
    protocol,
    restore: () => {
      for (const restore of restores) restore()
      Reflect.deleteProperty(transport, marker)
    },
  }
  restores.push(
    replace(
      transport,
      'send',
      (send) =>
        function (this: unknown, ...args: unknown[]) {
          const [message, ...rest] = args
          const forward = (sent: unknown): unknown => send.call(this, sent, ...rest)
          const runtime = runtimeOf(state.protocol)
          if (!isRecord(message)) return forward(message)
          const result = sendMessage(runtime, state.connection, message, forward)
          if (runtime && typeof message['method'] === 'string' && hasRequestId(message)) {
            guarded('abort', () => endOnAbort(state.connection, message, rest[0]))
            if (state.protocol._transport !== transport) guarded('probe', () => awaitProbe(transport, state))
          }
          return result
        },
    ),
  )
  // Where the HTTP request comes in, its socket is known; the messages that it carries come in its context.
  for (const entrance of ['handleRequest', 'handlePostMessage']) {
    if (!(entrance in transport)) continue
    restores.push(
      replace(
        transport,
        entrance,
        (handle) =>
          function (this: unknown, ...args: unknown[]) {
            const at = guarded('http request', () => contextOfHttpRequest(args[0]))
            return at ? context.with(at, () => handle.apply(this, args)) : handle.apply(this, args)
          },
      ),
    )
  }
  Object.defineProperty(transport, marker, { value: state, configurable: true, enumerable: false })
  remember(transport)
}

/** Puts an own property over the method; the way back is to take it away again. */
function replace(transport: object, name: string, wrap: (original: Method) => Method): () => void {
  const own = Object.getOwnPropertyDescriptor(transport, name)
  const original = (transport as Record<string, unknown>)[name]
  if (typeof original !== 'function') return () => undefined
  const wrapped = wrap(original as Method)
  Object.defineProperty(transport, name, {
    value: wrapped,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  })
  return () => {
    // Whoever wrapped it after us keeps what he has: ours then only passes through.
    if (Object.getOwnPropertyDescriptor(transport, name)?.value !== wrapped) return
    if (own) Object.defineProperty(transport, name, own)
    else Reflect.deleteProperty(transport, name)
  }
}

/**
 * A client of SDK v2 asks `server/discover` before it attaches itself to the transport, and
 * listens for the answer in its own way.
 */
function awaitProbe(transport: Transport, state: Hooked): void {
  const { onmessage } = transport
  if (typeof onmessage !== 'function') return
  const listening = function (this: unknown, ...args: unknown[]): unknown {
    const [message] = args
    if (isRecord(message) && message['method'] === undefined) receiveResponse(state.connection, message)
    return onmessage.apply(this, args)
  }
  Object.assign(transport, { onmessage: listening })
}

function remember(transport: HookedTransport): void {
  hookedTransports.push(new WeakRef(transport))
  if (hookedTransports.length < pruneAt) return
  hookedTransports = hookedTransports.filter((reference) => reference.deref()?.[marker] !== undefined)
  pruneAt = Math.max(256, hookedTransports.length * 2)
}
