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

/** The transport's kind; a wrapper has the kind of the transport it holds. */
export function knowTransport(transport: object): KnownTransport {
  return known(transport) ?? held(transport, 2) ?? { kind: UNKNOWN, innermost: transport }
}

function known(transport: object): KnownTransport | undefined {
  const kind = shapeOf(transport)
  return kind && { kind, innermost: transport }
}

function shapeOf(transport: object): TransportKind | undefined {
  if ('_stdin' in transport && '_stdout' in transport) return PIPE
  if ('_serverParams' in transport) return PIPE
  if ('_otherTransport' in transport) return MEMORY
  if (HTTP_SERVER_MARKS.some((mark) => mark in transport)) return HTTP
  const url = '_url' in transport ? transport._url : undefined
  if (url instanceof URL) return url.protocol.startsWith('ws') ? WEBSOCKET : HTTP
  return undefined
}

/** Wrappers keep what they wrap in a field of their own, at most so many levels deep. */
function held(transport: object, depth: number): KnownTransport | undefined {
  for (const value of Object.values(transport)) {
    if (!isRecord(value) || typeof value['send'] !== 'function') continue
    const inner = known(value) ?? (depth > 1 ? held(value, depth - 1) : undefined)
    if (inner) return inner
  }
  return undefined
}
