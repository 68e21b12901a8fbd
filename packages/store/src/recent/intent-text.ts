import type { TextOrder } from './distinct.js'

const MOST_INTENT_BYTES = 20_000

/** Intents as `fragments.sql` has them: lower-cased, in order of their bytes. */
export const INTENTS: TextOrder = { form: lower, isBefore: isBeforeInBytes }

/** Texts in order, cut after so many of their bytes. */
export function joinedIntents(texts: readonly string[]): string {
  const text = texts.join('\n')
  if (text.length * 3 <= MOST_INTENT_BYTES) return text
  const bytes = Buffer.from(text)
  return bytes.length <= MOST_INTENT_BYTES ? text : bytes.toString('utf8', 0, MOST_INTENT_BYTES)
}

/** As ClickHouse's `lower`: of ASCII only. */
function lower(text: string): string {
  // Mostly nothing beyond ASCII is in it, and both are the same.
  return BEYOND_ASCII.test(text) ? text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text.toLowerCase()
}

const BEYOND_ASCII = /[\u0080-\uffff]/

function isBeforeInBytes(a: string, b: string): boolean {
  const before = a < b
  // The order of UTF-16 units differs from that of bytes beyond the surrogates only.
  if (!BEYOND_SURROGATES.test(a) && !BEYOND_SURROGATES.test(b)) return before
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
}

const BEYOND_SURROGATES = /[\uD800-\uFFFF]/
