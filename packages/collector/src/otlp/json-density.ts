import { MalformedError } from './wire-reader.js'

/** Texts as small as this may mean anything. */
const FREE_OBJECTS = 10_000
const CHARACTERS_PER_OBJECT = 12
const MAX_OBJECTS = 3_000_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACE = 0x7b
const BRACKET = 0x5b

/**
 * Refuses JSON that is little but empty objects and lists before it is parsed: three characters there
 * are hundreds of bytes in memory.
 *
 * @throws MalformedError
 */
export function checkJsonDensity(text: string): void {
  let left = Math.min(MAX_OBJECTS, FREE_OBJECTS + text.length / CHARACTERS_PER_OBJECT)
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) index = endOfString(text, index)
    else if (code === BRACE || code === BRACKET) {
      left -= 1
      if (left < 0) throw new MalformedError('more empty or tiny objects than a request may have')
    }
  }
}

/** The position of the closing quote, or of the end where there is none. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return text.length
    let backslashes = 0
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return quote
    from = quote + 1
  }
}
