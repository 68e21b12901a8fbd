import { connectionClosed, receiveNotification, receiveRequest, receiveResponse } from '../meaning/incoming.js'
import { runtimeOf } from '../runtime.js'
import { isRecord, type Message } from '../wire.js'
import { connectionOf, forgetConnection, type ProtocolInstance } from './connections.js'
import { hookTransport } from './transport.js'

type Method = (this: ProtocolInstance, ...args: unknown[]) => unknown
type Prototype = Record<string, Method>
type Wrap = (original: Method) => Method

/** Own property of every prototype that carries our hooks: whichever copy of this package came first. */
const marker: unique symbol = Symbol.for('mcpcat.protocol-patch.v1')

/** What was replaced, to put it back. */
interface Patch {
  readonly prototype: Prototype
  readonly name: string
  readonly original: Method
  readonly wrapped: Method
}

const seen = new Set<Prototype>()
const patches: Patch[] = []

/**
 * Patches the class of this server or client: finds, up its prototype chain, the owners of the
 * methods through which JSON-RPC messages pass, and wraps them, once. Accepts any object and
 * leaves alone what is no MCP protocol. A high-level `McpServer` leads to the server it holds.
 */
export function hookProtocolInstance(instance: object): void {
  const low = lowLevel(instance)
  const prototype = ownerOf(low, '_onrequest')
  if (!prototype) return
  const chain = prototypesDownTo(low, prototype)
  for (const each of chain) patchPrototype(each)
}

/** The `Server` or `Client` under whatever is given. */
export function lowLevel(instance: object): ProtocolInstance {
  const held = 'server' in instance ? instance.server : undefined
  return isRecord(held) && '_onrequest' in held ? held : instance
}

/** Puts the hooks back that {@link unhookProtocols} took out. */
export function rehookProtocols(): void {
  for (const prototype of seen) patchPrototype(prototype)
}

/** Restores every method that still is ours; one that somebody wrapped after us stays, and passes through. */
export function unhookProtocols(): void {
  for (const { prototype, name, original, wrapped } of patches.splice(0)) {
    if (prototype[name] === wrapped) prototype[name] = original
  }
  for (const prototype of seen) Reflect.deleteProperty(prototype, marker)
}

function patchPrototype(prototype: Prototype): void {
  if (Object.hasOwn(prototype, marker)) return
  Object.defineProperty(prototype, marker, { value: true, configurable: true, enumerable: false })
  seen.add(prototype)
  for (const [name, wrap] of Object.entries(WRAPPERS)) {
    if (!Object.hasOwn(prototype, name)) continue
    const original = prototype[name]
    if (typeof original !== 'function') continue
    const wrapped = wrap(original)
    prototype[name] = wrapped
    patches.push({ prototype, name, original, wrapped })
  }
}

/** A subclass that overrides a hooked method calls its base: the message must count once. */
let passing: unknown

function onceFor(wrap: (original: Method) => Method): Wrap {
  return (original) => {
    const hooked = wrap(original)
    return function (this: ProtocolInstance, ...args) {
      return args[0] !== undefined && args[0] === passing ? original.apply(this, args) : hooked.apply(this, args)
    }
  }
}

function whilePassing(message: unknown, run: () => unknown): unknown {
  const before = passing
  passing = message
  try {
    return run()
  } finally {
    passing = before
  }
}

const WRAPPERS: Readonly<Record<string, Wrap>> = {
  connect: (original) =>
    function (this: ProtocolInstance, ...args) {
      const transport = args[0]
      if (runtimeOf(this) && isTransport(transport)) hookTransport(this, transport)
      return original.apply(this, args)
    },
  _onrequest: onceFor(
    (original) =>
      function (this: ProtocolInstance, ...args) {
        const [message, ...rest] = args
        const runtime = runtimeOf(this)
        const transport = this._transport
        if (!runtime || !transport || !isNamed(message)) return original.apply(this, args)
        return receiveRequest(runtime, hookTransport(this, transport), message, (forwarded) =>
          whilePassing(forwarded, () => original.call(this, forwarded, ...rest)),
        )
      },
  ),
  _onnotification: onceFor(
    (original) =>
      function (this: ProtocolInstance, ...args) {
        const [message, ...rest] = args
        const runtime = runtimeOf(this)
        const transport = this._transport
        if (!runtime || !transport || !isNamed(message)) return original.apply(this, args)
        return receiveNotification(runtime, hookTransport(this, transport), message, (forwarded) =>
          whilePassing(forwarded, () => original.call(this, forwarded, ...rest)),
        )
      },
  ),
  _onresponse: onceFor(
    (original) =>
      function (this: ProtocolInstance, ...args) {
        const connection = connectionOf(this)
        const [message] = args
        if (connection && isRecord(message)) receiveResponse(connection, message)
        return whilePassing(message, () => original.apply(this, args))
      },
  ),
  _onclose: (original) =>
    function (this: ProtocolInstance, ...args) {
      const connection = forgetConnection(this)
      if (connection) connectionClosed(connection)
      return original.apply(this, args)
    },
}

function isTransport(value: unknown): value is NonNullable<ProtocolInstance['_transport']> {
  return typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function'
}

function isNamed(message: unknown): message is Message & { method: string } {
  return isRecord(message) && typeof message['method'] === 'string'
}

function ownerOf(instance: object, name: string): Prototype | undefined {
  for (let at = prototypeOf(instance); at; at = prototypeOf(at)) if (Object.hasOwn(at, name)) return at
  return undefined
}

/** From the instance's own class down to the one given. */
function prototypesDownTo(instance: object, last: Prototype): Prototype[] {
  const chain: Prototype[] = []
  for (let at = prototypeOf(instance); at; at = prototypeOf(at)) {
    chain.push(at)
    if (at === last) break
  }
  return chain
}

function prototypeOf(value: object): Prototype | null {
  return Object.getPrototypeOf(value) as Prototype | null
}
