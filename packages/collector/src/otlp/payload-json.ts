import type { Type } from 'protobufjs'
import type { Payload, PayloadSignal } from '../batch.js'
import { PermanentError } from '../errors.js'
import { checkJsonDensity } from './json-density.js'
import { readPayload } from './payload.js'
import { PAYLOAD_PROTO } from './payload-proto.js'
import { MalformedError } from './wire-reader.js'

const REQUESTS: Readonly<Record<PayloadSignal, string>> = {
  metrics: 'ExportMetricsServiceRequest',
  logs: 'ExportLogsServiceRequest',
}

const ID = /^(?:trace|span)Id$/
/** Enumerations too: OTLP allows no names for them. */
const INTEGER = /^(?:.*UnixNano|asInt|intValue|count|zeroCount|aggregationTemporality|severityNumber)$/

/**
 * Reads OTLP's JSON encoding (opentelemetry-proto, `docs/specification.md`, "JSON Protobuf Encoding"):
 * proto3's, but with ids in hex. What is not known is left out.
 *
 * @throws MalformedError when the text is not such a request.
 */
export async function parsePayload(signal: PayloadSignal, text: string): Promise<Payload> {
  const type = await requestType(signal)
  checkJsonDensity(text)
  try {
    const json: unknown = JSON.parse(text, reviveMember)
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new MalformedError('the request is no object')
    return readPayload(signal, Buffer.from(type.encode(type.fromObject(json)).finish()))
  } catch (cause) {
    if (cause instanceof MalformedError) throw cause
    if (cause instanceof SyntaxError) throw new MalformedError('not valid JSON', { cause })
    // protobufjs says by plain errors which member has the wrong shape.
    throw new MalformedError(`not a valid request: ${(cause as Error).message}`, { cause })
  }
}

/**
 * The same request in OTLP's JSON encoding, ready for `JSON.stringify`.
 *
 * @throws PermanentError when the bytes are no such request.
 */
export async function payloadToJson({ signal, bytes }: Payload): Promise<object> {
  const type = await requestType(signal)
  try {
    return withHexIds(type.toObject(type.decode(bytes), { longs: String, bytes: String, json: true })) as object
  } catch (cause) {
    throw new PermanentError(`these ${signal} cannot be written as JSON`, { cause })
  }
}

/** Loaded when somebody first speaks JSON. */
let types: Promise<Record<PayloadSignal, Type>> | undefined

async function requestType(signal: PayloadSignal): Promise<Type> {
  types ??= import('protobufjs').then(({ default: protobuf }) => {
    const { root } = protobuf.parse(PAYLOAD_PROTO)
    return { metrics: root.lookupType(REQUESTS.metrics), logs: root.lookupType(REQUESTS.logs) }
  })
  return (await types)[signal]
}

/** Where OTLP's JSON is stricter than protobufjs, or differs from it. */
function reviveMember(key: string, value: unknown): unknown {
  if (typeof value === 'string' && ID.test(key)) {
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(value)) throw new MalformedError(`${key} is not hex`)
    return Buffer.from(value, 'hex')
  }
  if (value !== null && INTEGER.test(key) && !isInteger(value)) throw new MalformedError(`${key} is no integer`)
  if (key === 'bucketCounts' && !(Array.isArray(value) && value.every(isInteger)))
    throw new MalformedError('bucketCounts has the wrong type')
  return value
}

function isInteger(value: unknown): boolean {
  return typeof value === 'string' ? /^-?\d{1,20}$/.test(value) : Number.isInteger(value)
}

function withHexIds(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return ID.test(key) ? Buffer.from(value, 'base64').toString('hex') : value
  if (Array.isArray(value)) return value.map((item) => withHexIds(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withHexIds(member, name)]))
}
