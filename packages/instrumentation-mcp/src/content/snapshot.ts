import { describeMedia } from './media.js'

/** A copy that is plain JSON, bounded, and no longer changes when the original does. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Key that marks an object from which something was left out, with what and how much. */
export const TRUNCATED = 'mcpcat.truncated'

const MAX_DEPTH = 24
const MAX_STRING_SHARE = 0.5

interface Budget {
  left: number
  readonly maxString: number
  readonly ancestors: object[]
}

/**
 * Copies what a request or response carries. At most about `limit` characters: strings are cut and
 * say so, what does not fit of an array or object is left out and counted. Images, audio and blobs
 * become a description of themselves. Works for values that never were JSON: cycles, dates,
 * functions, getters that throw. Its cost is bounded by the limit, whatever the size of the value.
 */
export function snapshot(value: unknown, limit: number): Json {
  return copy(value, { left: limit, maxString: Math.floor(limit * MAX_STRING_SHARE), ancestors: [] }) ?? null
}

/** `undefined` where JSON would leave the value out. */
function copy(value: unknown, budget: Budget): Json | undefined {
  if (typeof value === 'string') return copyString(value, budget)
  if (typeof value === 'object') return value === null ? null : copyObject(value, budget)
  if (typeof value === 'bigint') return copyString(value.toString(), budget)
  budget.left -= 8
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'boolean' ? value : undefined
}

function copyString(text: string, budget: Budget): string {
  const allowed = Math.max(0, Math.min(budget.left, budget.maxString))
  if (text.length <= allowed) {
    budget.left -= text.length + 2
    return text
  }
  budget.left -= allowed
  return `${detached(text, allowed)}… [${text.length - allowed} more characters]`
}

/** The first characters, as a string of its own: a plain slice would keep the whole text in memory. */
function detached(text: string, length: number): string {
  return Buffer.from(text.slice(0, length), 'utf16le')
    .toString('utf16le')
    .replace(/[\uD800-\uDBFF]$/, '')
}

function copyObject(value: object, budget: Budget): Json | undefined {
  if (budget.ancestors.includes(value)) return '[circular]'
  if (budget.ancestors.length >= MAX_DEPTH) return '[too deep]'
  budget.ancestors.push(value)
  try {
    if (Array.isArray(value)) return copyArray(value, budget)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), budget)
    return describeMedia(value) ?? copyProperties(value, budget)
  } catch {
    // A getter or toJSON of the application threw: its own sender would have failed the same way.
    return '[unreadable]'
  } finally {
    budget.ancestors.pop()
  }
}

function copyArray(values: readonly unknown[], budget: Budget): Json[] {
  const copied: Json[] = []
  for (const [index, value] of values.entries()) {
    if (budget.left <= 0) {
      copied.push({ [TRUNCATED]: `${values.length - index} more items` })
      break
    }
    budget.left -= 1
    copied.push(copy(value, budget) ?? null)
  }
  return copied
}

function copyProperties(value: object, budget: Budget): { [key: string]: Json } {
  const copied: { [key: string]: Json } = {}
  const keys = Object.keys(value)
  for (const [index, key] of keys.entries()) {
    if (budget.left <= 0) {
      copied[TRUNCATED] = `${keys.length - index} more properties`
      break
    }
    budget.left -= key.length + 3
    const json = copy((value as Record<string, unknown>)[key], budget)
    if (json === undefined) continue
    // A plain assignment of this key would set the prototype instead.
    if (key === '__proto__') Object.defineProperty(copied, key, { value: json, enumerable: true })
    else copied[key.length > 256 ? `${key.slice(0, 256)}…` : key] = json
  }
  return copied
}
