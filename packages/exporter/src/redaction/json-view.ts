/** How JSON would see a value: a scalar, a container to walk, or nothing. */
export type JsonNode =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly unknown[]
  | Readonly<Record<string, unknown>>

/**
 * One step of what `JSON.stringify` does, without its surprises: never throws, never reads bytes
 * one by one, and turns what JSON cannot say into text that can be read.
 */
export function jsonView(value: unknown): JsonNode {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'object') return value === null ? null : viewObject(value)
  return undefined
}

function viewObject(value: object): JsonNode {
  if (Array.isArray(value)) return value as readonly unknown[]
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[binary: ${value.byteLength} bytes]`
  const toJson = readProperty(value, 'toJSON')
  if (typeof toJson !== 'function') return value as Readonly<Record<string, unknown>>
  try {
    const json: unknown = (toJson as (key: string) => unknown).call(value, '')
    return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : jsonView(json)
  } catch {
    return UNREADABLE // A host's object may throw when read; that is its own affair.
  }
}

export const UNREADABLE = '[unreadable]'

/** A property of a host's object, whose getter may throw. */
export function readProperty(holder: object, key: string | number): unknown {
  try {
    return (holder as Record<string | number, unknown>)[key]
  } catch {
    return UNREADABLE // As above.
  }
}

export function ownKeys(holder: object): string[] {
  try {
    return Object.keys(holder)
  } catch {
    return [] // A revoked proxy.
  }
}
