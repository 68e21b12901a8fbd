const MOST_INTENT_BYTES = 20_000

/** In order of their bytes, cut after so many of them. */
export function joinedIntents(texts: readonly string[]): string {
  // The order of UTF-16 units differs from that of bytes beyond the surrogates only.
  const text = (texts.every(isPlain) ? texts.toSorted() : texts.toSorted(compareBytes)).join('\n')
  if (text.length * 3 <= MOST_INTENT_BYTES) return text
  const bytes = Buffer.from(text)
  return bytes.length <= MOST_INTENT_BYTES ? text : bytes.toString('utf8', 0, MOST_INTENT_BYTES)
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function isPlain(text: string): boolean {
  return !/[\uD800-\uFFFF]/.test(text)
}

/** As ClickHouse's `lower`: of ASCII only. */
export function lower(text: string): string {
  const lowered = text.toLowerCase()
  // Mostly nothing beyond ASCII is in it, and both are the same.
  return !BEYOND_ASCII.test(text) ? lowered : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

const BEYOND_ASCII = /[\u0080-\uffff]/
