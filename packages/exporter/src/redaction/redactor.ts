import { assignedSecrets, REDACTED } from './assigned-secrets.js'
import type { Detector } from './detector.js'
import { chooseDetectors, type DetectorName, isCardNumber } from './detectors.js'
import { createKeyRule, type KeyRule, type KeyRuleOptions } from './key-rule.js'
import { searchOn, startSearch, withMarkers } from './text.js'

export interface RedactionOptions extends KeyRuleOptions {
  /** Turns built-in detectors on or off. Default: all on but `phone` and `ip`. */
  detectors?: Partial<Record<DetectorName, boolean>>
}

/** The rules, ready for use. Never changes what it is given. */
export interface Redactor {
  /** Whether a value under this name is a secret whatever it looks like. */
  isSecretKey: KeyRule
  /** A property's name with markers in the place of secrets; remembered, because names repeat. */
  key(name: string): string
  /** The text with markers in the place of secrets. Linear in its length. */
  text(text: string): string
  /** The same, of the first `limit` characters, with a pause offered (`yield`) after every 8,192. */
  longText(text: string, limit?: number): Generator<undefined, string>
  /** A number, or the marker if it is a payment card's. */
  number(value: number): number | string
}

/** Whatever a detector may find has one of these: a separator, a long word, or a row of digits. */
const WORTH_A_LOOK = /[@:=<]|--|[\w.-]{16}|\d[\d ().-]{6}|b(?:earer|asic)(?: |%20|\+)/i
/** Names remembered at most. */
const CACHE_SIZE = 2000
const LONGEST_NAME = 128

export function createRedactor(options: RedactionOptions = {}): Redactor {
  const isSecretKey = createKeyRule(options)
  const detectors: Detector[] = [assignedSecrets(isSecretKey), ...chooseDetectors(options.detectors)]
  const cards = options.detectors?.credit_card ?? true

  function* longText(value: string, limit: number = value.length): Generator<undefined, string> {
    const search = startSearch(value)
    while (!searchOn(search, detectors, limit)) yield
    return withMarkers(search, limit)
  }

  function text(value: string): string {
    if (!WORTH_A_LOOK.test(value)) return value
    const search = startSearch(value)
    while (!searchOn(search, detectors));
    return withMarkers(search)
  }

  const names = new Map<string, string>()
  function key(name: string): string {
    let clean = names.get(name)
    if (clean !== undefined) return clean
    clean = text(name)
    if (names.size >= CACHE_SIZE) names.clear()
    if (name.length <= LONGEST_NAME) names.set(name, clean)
    return clean
  }

  return {
    isSecretKey,
    key,
    text,
    longText,
    number: (value) => (cards && isCardNumber(value) ? '[REDACTED:credit_card]' : value),
  }
}

/** What stands in for the value of a secret name: nothing that is not a secret is hidden. */
export function redactedValue(value: unknown): string | boolean | null | undefined {
  if (value === null || value === undefined || typeof value === 'boolean' || value === '') return value
  return REDACTED
}
