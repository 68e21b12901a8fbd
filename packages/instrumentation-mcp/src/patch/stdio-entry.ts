import { guarded } from '../guard.js'
import type { Connection, Transport } from '../meaning/connection.js'
import { answeredElsewhere } from '../meaning/elsewhere.js'
import { subscriptionIdOf } from '../meaning/subscription-id.js'
import { runtimeOf } from '../runtime.js'
import { hasRequestId, isRecord, type Message, type Named, type RequestId } from '../wire.js'
import type { ProtocolInstance } from './connections.js'

interface Waiting {
  readonly message: Named
  /** Of `performance.now()`. */
  readonly receivedAt: number
}

interface Entry {
  connection: Connection
  protocol: ProtocolInstance
  readonly waiting: Map<RequestId, Waiting>
}

const MAX_WAITING = 256

/** By the wire, that is the stdio transport; and by the channel that the entry gives its server in its place. */
const entries = new WeakMap<object, Entry>()

/**
 * `serveStdio` of SDK v2 keeps the stdio transport for itself and gives its server a channel. What it
 * answers on its own (subscriptions, refusals) never reaches the server: seen only on the wire.
 */
export function hookStdioEntry(protocol: ProtocolInstance, channel: Transport, connection: Connection): void {
  const wire = '_wire' in channel ? (channel._wire as Transport | undefined) : undefined
  if (!wire || typeof wire.send !== 'function' || typeof wire.onmessage !== 'function') return
  const known = entries.get(wire)
  if (known) {
    known.protocol = protocol
    known.connection = connection
    entries.set(channel, known)
    return
  }
  const entry: Entry = { connection, protocol, waiting: new Map() }
  entries.set(wire, entry)
  entries.set(channel, entry)
  const { onmessage } = wire
  const send = wire.send.bind(wire)
  Object.assign(wire, {
    onmessage(this: unknown, ...args: unknown[]): unknown {
      guarded('stdio entry', () => arrived(entry, args[0]))
      return Reflect.apply(onmessage as () => unknown, this, args)
    },
    send(...args: Parameters<Transport['send']>): unknown {
      guarded('stdio entry', () => leaves(entry, args[0]))
      return send(...args)
    },
  })
}

/** The server has this request: it is no matter of the entry any more. */
export function reachedServer(channel: Transport, message: Message): void {
  if (hasRequestId(message)) entries.get(channel)?.waiting.delete(message.id)
}

function arrived(entry: Entry, message: unknown): void {
  if (!isRecord(message) || typeof message['method'] !== 'string' || !hasRequestId(message)) return
  if (!runtimeOf(entry.protocol) || entry.waiting.size >= MAX_WAITING) return
  entry.waiting.set(message.id, { message: message as Named, receivedAt: performance.now() })
}

function leaves(entry: Entry, message: unknown): void {
  if (!isRecord(message)) return
  const id = message['method'] === undefined ? message['id'] : subscriptionIdOf(message)
  const waiting = entry.waiting.get(id as RequestId)
  const runtime = runtimeOf(entry.protocol)
  if (!waiting || !runtime) return
  entry.waiting.delete(id as RequestId)
  answeredElsewhere(runtime, entry.connection, waiting.message, waiting.receivedAt, message)
}
