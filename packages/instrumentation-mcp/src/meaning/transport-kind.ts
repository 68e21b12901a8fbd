import { isRecord } from '../wire.js'

/** A transport as its shape tells it: names of classes do not survive minification. */
export interface TransportKind {
  readonly network?: 'pipe' | 'tcp'
  readonly protocol?: 'http' | 'websocket'
  /** One peer for as long as the connection lasts: the connection is the session. */
  readonly singlePeer: boolean
}

export interface KnownTransport {
  readonly kind: TransportKind
  /** The transport inside all wrappers: what really is one connection. */
  readonly innermost: object
}

const PIPE: TransportKind = { network: 'pipe', singlePeer: true }
const MEMORY: TransportKind = { singlePeer: true }
const HTTP: TransportKind = { network: 'tcp', protocol: 'http', singlePeer: false }
const WEBSOCKET: TransportKind = { network: 'tcp', protocol: 'websocket', singlePeer: true }
const UNKNOWN: TransportKind = { singlePeer: false }

/** What an HTTP server's transport has, in one SDK version or another: stateful, stateless, per request, SSE. */
const HTTP_SERVER_MARKS = ['handleRequest', 'handlePostMessage', 'handleMessage', '_requestToStreamMapping']

/** Levels of wrapping looked through: a wrapper around the channel of `serveStdio`, that around another, is three. */
const MAX_DEPTH = 3
const MAX_FIELDS = 64

/** The transport's kind; a wrapper has the kind of the one transport that it holds. Runs no code of theirs but traps of proxies. */
export function knowTransport(transport: object): KnownTransport {
  try {
    const [found, ...others] = new Map(
      knownIn(transport, MAX_DEPTH).map((known) => [known.innermost, known] as const),
    ).values()
    // Of one that holds several it cannot be told which of them a message takes.
    if (found && others.length === 0) return found
  } catch {
    // A proxy may refuse to be looked at: then nothing is known of it.
  }
  return { kind: UNKNOWN, innermost: transport }
}

/** Where a client's transport goes. */
export function urlOf(transport: object): URL | undefined {
  try {
    const url = Object.getOwnPropertyDescriptor(transport, '_url')?.value as unknown
    return url instanceof URL ? url : undefined
  } catch {
    // As above.
    return undefined
  }
}

function knownIn(transport: object, depth: number): KnownTransport[] {
  const kind = shapeOf(transport)
  if (kind) return [{ kind, innermost: transport }]
  return depth > 0 ? heldBy(transport).flatMap((held) => knownIn(held, depth - 1)) : []
}

function shapeOf(transport: object): TransportKind | undefined {
  if ('_stdin' in transport && '_stdout' in transport) return PIPE
  if ('_serverParams' in transport) return PIPE
  if ('_otherTransport' in transport) return MEMORY
  if (HTTP_SERVER_MARKS.some((mark) => mark in transport)) return HTTP
  const url = urlOf(transport)
  if (url) return url.protocol.startsWith('ws') ? WEBSOCKET : HTTP
  return undefined
}

/** Wrappers keep what they wrap in a field of their own. A getter is none, and might do anything. */
function heldBy(transport: object): object[] {
  return Reflect.ownKeys(transport)
    .slice(0, MAX_FIELDS)
    .map((key): unknown => Object.getOwnPropertyDescriptor(transport, key)?.value)
    .filter((value) => isRecord(value))
    .filter((value) => ['start', 'send', 'close'].every((name) => hasMethod(value, name)))
}

function hasMethod(value: object, name: string): boolean {
  for (let at: object | null = value; at; at = Object.getPrototypeOf(at) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name)
    if (descriptor) return typeof descriptor.value === 'function'
  }
  return false
}
