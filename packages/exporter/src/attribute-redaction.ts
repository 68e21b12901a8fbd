import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { NAME_ATTRIBUTES } from './attribute-policy.js'
import { REDACTION_FAILED } from './hooks.js'
import { REDACTED } from './redaction/assigned-secrets.js'
import { type Redactor, redactedValue } from './redaction/redactor.js'
import type { Work } from './redaction/write-json.js'

/** What happens to a text beyond the built-in rules. */
export interface TextPolicy {
  /** The name of its type in the place of the value. */
  shape: boolean
  hook?: ((text: string) => string | Promise<string>) | undefined
}

/** For names of things: the built-in rules alone. */
export const NAMES_ONLY: TextPolicy = { shape: false }

/** Texts up to this length are redacted in one go. */
const SHORT_TEXT = 4096

/** Redacts attributes into a copy. */
export class AttributeRedaction {
  readonly #redactor: Redactor
  readonly #kept: ReadonlySet<string>
  readonly #maxText: number

  constructor(redactor: Redactor, keepAttributes: readonly string[], maxText: number) {
    this.#redactor = redactor
    this.#kept = new Set(keepAttributes)
    this.#maxText = maxText
  }

  *attributes(attributes: Attributes, policy: TextPolicy): Work<Attributes> {
    const copy: Attributes = {}
    for (const key in attributes) {
      const value = attributes[key]
      if (value === undefined) continue
      if (this.#kept.has(key)) {
        copy[key] = value
        continue
      }
      const own = NAME_ATTRIBUTES.has(key) ? NAMES_ONLY : policy
      copy[this.#redactor.key(key)] = this.#scalar(key, value, own) ?? (yield* this.#slowly(value, own))
    }
    return copy
  }

  *text(text: string, policy: TextPolicy): Work<string> {
    if (policy.shape) return 'string'
    const limit = this.#maxText
    let clean = text.length <= SHORT_TEXT ? this.#redactor.text(text) : yield* this.#redactor.longText(text, limit)
    if (policy.hook) {
      const answer = policy.hook(clean)
      clean = typeof answer === 'string' ? answer : ((yield answer) ?? REDACTION_FAILED)
    }
    return text.length > limit ? `${clean}… [truncated: ${text.length - limit} more characters]` : clean
  }

  /** The common cases, which need no pause; undefined for the others. */
  #scalar(key: string, value: AttributeValue, policy: TextPolicy): AttributeValue | undefined {
    if (policy.shape) return shapeOf(value)
    if (this.#redactor.isSecretKey(key)) return redactedValue(value) as AttributeValue
    if (typeof value === 'number') return this.#redactor.number(value)
    if (typeof value === 'boolean') return value
    const isPlain = typeof value === 'string' && !policy.hook && value.length <= SHORT_TEXT
    return isPlain ? this.#redactor.text(value) : undefined
  }

  *#slowly(value: AttributeValue, policy: TextPolicy): Work<AttributeValue> {
    return typeof value === 'string'
      ? yield* this.text(value, policy)
      : yield* this.#array(value as unknown[] as string[], policy)
  }

  *#array(values: readonly (string | number | boolean | null | undefined)[], policy: TextPolicy): Work<AttributeValue> {
    const items: (string | number | boolean | null | undefined)[] = []
    let isValueOfSecretFlag = false
    for (const value of values) {
      if (typeof value === 'number') items.push(this.#redactor.number(value))
      else if (typeof value !== 'string') items.push(value)
      else items.push(isValueOfSecretFlag ? REDACTED : yield* this.text(value, policy))
      // `--api-key` and its value as two arguments of a command line.
      isValueOfSecretFlag = typeof value === 'string' && value.startsWith('-') && this.#redactor.isSecretKey(value)
    }
    // Arrays of attributes are of one type: beside a marker, numbers become text.
    const hasText = items.some((item) => typeof item === 'string')
    return (hasText ? items.map((item) => (typeof item === 'number' ? String(item) : item)) : items) as string[]
  }
}

function shapeOf(value: AttributeValue): AttributeValue {
  return Array.isArray(value) ? value.map((item) => typeof item) : typeof value
}
