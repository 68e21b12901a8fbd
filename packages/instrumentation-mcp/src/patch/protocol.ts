import { guarded } from '../guard.js'
import type { Handler } from '../intent/ask-server.js'
import { rememberHighLevel } from '../intent/registered-schema.js'
import {
  connectionClosed,
  receiveNotification,
  receiveRequest,
  receiveResponse,
  requestAnswered,
  requestCancelled,
  requestTimedOut,
  subscriptionAcknowledged,
  type Substitute,
} from '../meaning/incoming.js'
import type { Connection } from '../meaning/connection.js'
import { runtimeOf } from '../runtime.js'
import { isRecord, type Message } from '../wire.js'
import { abortSignalOf, connectionOf, forgetConnection, type ProtocolInstance } from './connections.js'
import { patchMethods, type Method } from './prototypes.js'
import { reachedServer } from './stdio-entry.js'
import { hookToolErrors, hookRegisteredTool } from './tool-errors.js'
import { hookTransport, unhookTransport } from './transport.js'

/**
 * Patches the class of this server or client: finds, up its prototype chain, the owners of the
 * methods through which JSON-RPC messages pass, and wraps them, once. Accepts any object and
 * leaves alone what is no MCP protocol. A high-level `McpServer` leads to the server it holds.
 */
export function hookProtocolInstance(instance: object): void {
  guarded('patch', () => {
    const low = lowLevel(instance)
    if (low !== instance) {
      rememberHighLevel(low, instance)
      hookToolErrors(instance)
    }
    patchMethods(low, '_onrequest', WRAPPERS)
  })
}

/** The `Server` or `Client` under whatever is given. */
export function lowLevel(instance: object): ProtocolInstance {
  const held = 'server' in instance ? instance.server : undefined
  return isRecord(held) && '_onrequest' in held ? held : instance
}

/** The message that is being passed on: a subclass that overrides a hooked method calls its base with it. */
let passing: unknown

function passOn(message: unknown, run: () => unknown): unknown {
  const before = passing
  passing = message
  try {
    return run()
  } finally {
    passing = before
  }
}

type OnMessage = (
  protocol: ProtocolInstance,
  connection: Connection,
  message: Message & { method: string },
  extra: unknown,
  forward: (message: Message) => unknown,
) => unknown

/** Wraps a method that takes a message in; the message counts once, however many overrides there are. */
function onArrival(arrived: OnMessage): (original: Method) => Method {
  return (original) =>
    function (this: ProtocolInstance, ...args) {
      const [message, ...rest] = args
      const transport = this._transport
      if (message === passing || !transport || !isNamed(message) || !runtimeOf(this)) return original.apply(this, args)
      const connection = hookTransport(this, transport)
      if (!connection) return original.apply(this, args)
      return arrived(this, connection, message, rest[0], (forwarded) =>
        passOn(forwarded, () => original.call(this, forwarded, ...rest)),
      )
    }
}

const WRAPPERS: Readonly<Record<string, (original: Method) => Method>> = {
  connect: (original) =>
    function (this: ProtocolInstance, ...args) {
      const [transport] = args
      if (isTransport(transport) && runtimeOf(this)) hookTransport(this, transport)
      return original.apply(this, args)
    },

  _onrequest: onArrival((protocol, connection, message, extra, forward) => {
    const runtime = runtimeOf(protocol)
    if (!runtime) return forward(message)
    reachedServer(connection.transport, message)
    if (message.method === 'tools/call') guarded('tool error', () => hookRegisteredTool(protocol, message))
    return receiveRequest(runtime, connection, message, extra, (sent, substitute) =>
      withHandler(protocol, message.method, substitute, () => forward(sent)),
    )
  }),

  _onnotification: onArrival((protocol, connection, message, extra, forward) => {
    const runtime = runtimeOf(protocol)
    if (!runtime) return forward(message)
    if (message.method === 'notifications/cancelled') endWhenAborted(protocol, connection, message)
    if (message.method === 'notifications/subscriptions/acknowledged') subscriptionAcknowledged(connection, message)
    return receiveNotification(runtime, connection, message, extra, forward)
  }),

  _onresponse: (original) =>
    function (this: ProtocolInstance, ...args) {
      const [message] = args
      const connection = message === passing ? undefined : connectionOf(this)
      if (connection && isRecord(message)) receiveResponse(connection, message)
      return passOn(message, () => original.apply(this, args))
    },

  /** Answers about a task are not sent but queued, to be fetched. */
  _enqueueTaskMessage: (original) =>
    function (this: ProtocolInstance, ...args) {
      const [, queued] = args
      const message = isRecord(queued) && queued['type'] !== 'request' ? queued['message'] : undefined
      const connection = connectionOf(this)
      if (connection && isRecord(message) && message['method'] === undefined) {
        const call = connection.incoming.take(message['id'] as string | number)
        if (call) requestAnswered(call, message)
      }
      return original.apply(this, args)
    },

  /** The SDK's own timeout is told from a cancellation by its callback having run. */
  _setupTimeout: (original) =>
    function (this: ProtocolInstance, ...args) {
      const [id, timeout, maxTotalTimeout, onTimeout, ...rest] = args
      if (!runtimeOf(this) || typeof onTimeout !== 'function') return original.apply(this, args)
      const timedOut = (...given: unknown[]): unknown => {
        const connection = connectionOf(this)
        const call = connection?.outgoing.get(id as number)
        if (call) call.timedOut = true
        try {
          return Reflect.apply(onTimeout, undefined, given) as unknown
        } finally {
          if (connection && call) requestTimedOut(connection, id as number)
        }
      }
      return original.call(this, id, timeout, maxTotalTimeout, timedOut, ...rest)
    },

  /** Progress may find that the whole request takes too long: the SDK then throws, and sends nothing. */
  _resetTimeout: (original) =>
    function (this: ProtocolInstance, ...args) {
      try {
        return original.apply(this, args)
      } catch (error) {
        const connection = connectionOf(this)
        if (connection) requestTimedOut(connection, args[0] as number)
        throw error
      }
    },

  _onclose: (original) =>
    function (this: ProtocolInstance, ...args) {
      const connection = forgetConnection(this)
      if (connection) {
        guarded('transport', () => unhookTransport(connection.transport))
        connectionClosed(runtimeOf(this), connection)
      }
      return original.apply(this, args)
    },
}

/** Lets the SDK find, in this one dispatch, our handler around the registered one: it takes it synchronously. */
function withHandler(
  protocol: ProtocolInstance,
  method: string,
  substitute: Substitute | undefined,
  dispatch: () => unknown,
): unknown {
  const handlers = protocol._requestHandlers
  if (!substitute || !(handlers instanceof Map)) return dispatch()
  const original = handlers.get(method) as Handler | undefined
  const ours = original && guarded('handler', () => substitute(original, handlers.get('tools/list') as Handler))
  if (!ours) return dispatch()
  handlers.set(method, ours)
  try {
    return dispatch()
  } finally {
    handlers.set(method, original)
  }
}

/** A cancelled request is not answered; whether it is cancelled is the SDK's decision, told by its signal. */
function endWhenAborted(protocol: ProtocolInstance, connection: Connection, message: Message): void {
  guarded('cancellation', () => {
    const id = message.params?.['requestId']
    if ((typeof id !== 'string' && typeof id !== 'number') || !connection.incoming.get(id)) return
    abortSignalOf(protocol, id)?.addEventListener('abort', () => requestCancelled(connection, id), { once: true })
  })
}

function isTransport(value: unknown): value is NonNullable<ProtocolInstance['_transport']> {
  return typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function'
}

function isNamed(message: unknown): message is Message & { method: string } {
  return isRecord(message) && typeof message['method'] === 'string'
}
