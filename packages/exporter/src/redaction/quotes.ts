/**
 * Quotes inside text that may be JSON, JSON within a JSON string, and so on: at nesting level n a
 * quote is written with 2ⁿ − 1 backslashes before it.
 */

const BACKSLASH = 92

/** How many backslashes stand right before `position`. */
export function backslashesBefore(text: string, position: number): number {
  let count = 0
  while (text.charCodeAt(position - 1 - count) === BACKSLASH) count += 1
  return count
}

/** Where the string ends whose opening quote has this many backslashes: the index of the first of the closing quote's backslashes, or of its quote. */
export function closingQuote(text: string, from: number, quote: string, openedWith: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    // A raw line break cannot be inside a JSON string; elsewhere it is the end of the line.
    if (code === 10) return at
    if (code === BACKSLASH) {
      let run = 1
      while (text.charCodeAt(at + run) === BACKSLASH) run += 1
      if (text.charAt(at + run) === quote) {
        if (closes(run, openedWith)) return at + Math.max(0, run - openedWith)
        at += run
      } else {
        at += run - 1
      }
    } else if (text.charAt(at) === quote) {
      return at
    }
  }
  return text.length
}

/** Whether a quote after `run` backslashes ends a string that was opened after `openedWith`. */
function closes(run: number, openedWith: number): boolean {
  let left = run
  for (let opened = openedWith; opened > 0; opened = (opened - 1) >> 1) {
    // An unescaped quote of an outer level: everything inside ends with it.
    if (left % 2 === 0) return true
    left = (left - 1) >> 1
  }
  return left % 2 === 0
}

/** Where the object or array that opens at `from` ends, behind its last bracket; the text's end if it never does. */
export function endOfContainer(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') {
      depth -= 1
      if (depth === 0) return at + 1
    } else if (char === '"') {
      at = closingQuote(text, at + 1, '"', backslashesBefore(text, at))
      while (text.charCodeAt(at) === BACKSLASH) at += 1
    }
  }
  return text.length
}
