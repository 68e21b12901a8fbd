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
  /** The text with markers in the place of secrets. Linear in its length. */
  text(text: string): string
  /** The same, of the first `limit` characters, with a pause offered (`yield`) after every 16,384. */
  longText(text: string, limit?: number): Generator<undefined, string>
  /** A number, or the marker if it is a payment card's. */
  number(value: number): number | string
}

/** Every detector needs one of these in a text. */
const WORTH_A_LOOK = /[@\d:=<_.-]|b(?:earer|asic)/i

export function createRedactor(options: RedactionOptions = {}): Redactor {
  const isSecretKey = createKeyRule(options)
  const detectors: Detector[] = [assignedSecrets(isSecretKey), ...chooseDetectors(options.detectors)]
  const cards = options.detectors?.credit_card ?? true

  function* longText(text: string, limit: number = text.length): Generator<undefined, string> {
    const search = startSearch(text)
    while (!searchOn(search, detectors, limit)) yield
    return withMarkers(search, limit)
  }

  return {
    isSecretKey,
    longText,
    text(text) {
      if (!WORTH_A_LOOK.test(text)) return text
      const search = startSearch(text)
      while (!searchOn(search, detectors));
      return withMarkers(search)
    },
    number: (value) => (cards && isCardNumber(value) ? '[REDACTED:credit_card]' : value),
  }
}

/** What stands in for the value of a secret name: nothing that is not a secret is hidden. */
export function redactedValue(value: unknown): unknown {
  return value === null || value === undefined || typeof value === 'boolean' || value === '' ? value : REDACTED
}
