import { context, createContextKey, type Attributes, type Context } from '@opentelemetry/api'
import { ATTR_CLIENT_ADDRESS, ATTR_CLIENT_PORT, ATTR_NETWORK_PROTOCOL_VERSION } from '@mcpcat/semconv'
import { isRecord, stringOf, type Implementation } from '../wire.js'

/** One header of the HTTP request that brought a message: SDK v1 gives a record, v2 a `Request`. */
export function headerOf(extra: unknown, name: string): string | undefined {
  const headers = headersOf(extra)
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  if (!isRecord(headers)) return undefined
  const value = headers[name]
  return stringOf(Array.isArray(value) ? value[0] : value)
}

export function headersOf(extra: unknown): unknown {
  if (!isRecord(extra)) return undefined
  const request = extra['requestInfo'] ?? extra['request']
  return typeof request === 'object' && request !== null && 'headers' in request ? request.headers : undefined
}

/** Runtimes and libraries, which say nothing of the MCP client that uses them. */
const NO_CLIENTS: ReadonlySet<string> = new Set(['node', 'undici', 'mozilla', 'node-fetch'])

/** `name/version` of a User-Agent's first product, where it names a client. */
export function clientOfUserAgent(userAgent: string | undefined): Implementation | undefined {
  const product = userAgent?.slice(0, 256).split(' ', 1)[0]
  if (!product) return undefined
  const [name, version] = product.split('/', 2)
  if (!name || NO_CLIENTS.has(name.toLowerCase())) return undefined
  return version ? { name, version } : { name }
}

/** Who is at the other end of the socket, as long as an HTTP request is handled. */
interface HttpPeer {
  readonly address: string | undefined
  readonly port: number | undefined
  readonly httpVersion: string | undefined
}

const HTTP_PEER = createContextKey('mcpcat http peer')

/** The context in which a transport is to handle this Node request. */
export function contextOfHttpRequest(request: unknown): Context | undefined {
  if (!isRecord(request) || !isRecord(request['socket'])) return undefined
  const { remoteAddress, remotePort } = request['socket']
  const peer: HttpPeer = {
    address: stringOf(remoteAddress),
    port: typeof remotePort === 'number' ? remotePort : undefined,
    httpVersion: stringOf(request['httpVersion']),
  }
  return context.active().setValue(HTTP_PEER, peer)
}

export function httpPeerAttributes(at: Context, attributes: Attributes): void {
  const peer = at.getValue(HTTP_PEER) as HttpPeer | undefined
  if (!peer) return
  if (peer.address !== undefined) attributes[ATTR_CLIENT_ADDRESS] = peer.address
  if (peer.port !== undefined) attributes[ATTR_CLIENT_PORT] = peer.port
}

export function httpVersionAttribute(at: Context, attributes: Attributes): void {
  const peer = at.getValue(HTTP_PEER) as HttpPeer | undefined
  if (peer?.httpVersion !== undefined) attributes[ATTR_NETWORK_PROTOCOL_VERSION] = peer.httpVersion
}
