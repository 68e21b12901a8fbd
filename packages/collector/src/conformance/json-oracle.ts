import type { Traces } from '../traces.js'
import { oracleRequest } from './trace-service-proto.js'

/**
 * OTLP's JSON encoding, written down independently of our own codec: the members of {@link Traces}
 * have its names already, so that only the leaves are to be said.
 *
 * @param more Members that every object gets besides.
 */
export function oracleJson(traces: Traces, more: object = {}): string {
  return JSON.stringify(withMembers(traces, more), (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
    if (Object.is(value, -0)) return '-0'
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  })
}

function withMembers(value: unknown, more: object): unknown {
  if (Array.isArray(value)) return value.map((item) => withMembers(item, more))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const members = Object.entries(value).map(([key, member]) => [key, withMembers(member, more)])
  return { ...(Object.fromEntries(members) as object), ...more }
}

const IDS = new Set(['traceId', 'spanId', 'parentSpanId'])

/** What OTLP JSON says, as protobufjs takes it. */
export function objectOfJson(text: string): Record<string, unknown> {
  return JSON.parse(text, (key, value: unknown) => {
    if (IDS.has(key)) return Buffer.from(value as string, 'hex')
    if (key === 'bytesValue') return Buffer.from(value as string, 'base64')
    return key === 'doubleValue' ? Number(value) : value
  }) as Record<string, unknown>
}

/** The same request in protobuf. */
export function protobufOfJson(text: string): Uint8Array {
  return oracleRequest.encode(oracleRequest.fromObject(objectOfJson(text))).finish()
}
