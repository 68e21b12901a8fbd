import { isRecord } from '../wire.js'

/** A transport as its shape tells it: names of classes do not survive minification. */
export interface TransportKind {
  readonly network?: 'pipe' | 'tcp'
  readonly protocol?: 'http' | 'websocket'
  /** One peer for as long as the connection lasts: the connection is the session. */
  readonly singlePeer: boolean
}

const PIPE: TransportKind = { network: 'pipe', singlePeer: true }
const MEMORY: TransportKind = { singlePeer: true }
const HTTP: TransportKind = { network: 'tcp', protocol: 'http', singlePeer: false }
const WEBSOCKET: TransportKind = { network: 'tcp', protocol: 'websocket', singlePeer: true }
const UNKNOWN: TransportKind = { singlePeer: false }

/** The transport's kind; a wrapper has the kind of the transport it holds. */
export function transportKind(transport: object): TransportKind {
  return knownKind(transport) ?? wrappedKind(transport) ?? UNKNOWN
}

function knownKind(transport: object): TransportKind | undefined {
  if ('_stdin' in transport && '_stdout' in transport) return PIPE
  if ('_serverParams' in transport) return PIPE
  if ('_otherTransport' in transport) return MEMORY
  if ('handleRequest' in transport || 'handlePostMessage' in transport || '_requestToStreamMapping' in transport)
    return HTTP
  const url = '_url' in transport ? transport._url : undefined
  if (url instanceof URL) return url.protocol.startsWith('ws') ? WEBSOCKET : HTTP
  return undefined
}

/** Own properties two levels down: wrappers keep what they wrap in a field. */
function wrappedKind(transport: object, depth = 2): TransportKind | undefined {
  for (const value of Object.values(transport)) {
    if (!isRecord(value) || typeof value['send'] !== 'function' || typeof value['start'] !== 'function') continue
    const kind = knownKind(value) ?? (depth > 1 ? wrappedKind(value, depth - 1) : undefined)
    if (kind) return kind
  }
  return undefined
}
