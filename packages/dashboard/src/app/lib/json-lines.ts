export interface JsonToken {
  kind: 'key' | 'string' | 'number' | 'literal' | 'punctuation'
  text: string
}

export interface JsonLine {
  depth: number
  tokens: JsonToken[]
  /** Index of the line that closes the object or array that this line opens. */
  closes?: number
}

const LEXEME =
  /[\t\n\r ]*(?:([{}[\]:,])|("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y

/**
 * JSON text as indented lines. Every literal stands as it was written (`1.0`, `1e400`, escapes,
 * repeated keys), which a round trip through `JSON.parse` would change. Null when it is no JSON.
 */
export function jsonLines(text: string): JsonLine[] | null {
  if (!isJson(text)) return null
  const lexemes = lex(text)
  const lines: JsonLine[] = [{ depth: 0, tokens: [] }]
  const open: number[] = []
  const line = (): JsonLine => lines[lines.length - 1] as JsonLine
  const add = (kind: JsonToken['kind'], token: string): number => line().tokens.push({ kind, text: token })
  const breakLine = (): number => lines.push({ depth: open.length, tokens: [] })

  lexemes.forEach(({ kind, text: token }, index) => {
    const next = lexemes[index + 1]?.text
    if (kind !== 'punctuation') {
      add(kind === 'string' && next === ':' ? 'key' : kind, token)
    } else if (token === ':') {
      add('punctuation', ': ')
    } else if (token === ',') {
      add('punctuation', ',')
      breakLine()
    } else if (token === '{' || token === '[') {
      add('punctuation', token)
      if (next === '}' || next === ']') return
      open.push(lines.length - 1)
      breakLine()
    } else {
      const before = lexemes[index - 1]
      const isEmpty = before?.kind === 'punctuation' && (before.text === '{' || before.text === '[')
      if (!isEmpty) {
        const opener = lines[open.pop() ?? 0]
        breakLine()
        if (opener) opener.closes = lines.length - 1
      }
      add('punctuation', token)
    }
  })
  return lines
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // Truncated or plain text: the caller shows it as it is.
    return false
  }
}

function lex(text: string): JsonToken[] {
  const lexemes: JsonToken[] = []
  LEXEME.lastIndex = 0
  for (let match = LEXEME.exec(text); match; match = LEXEME.exec(text)) {
    const [, punctuation, string, number, literal] = match
    if (punctuation !== undefined) lexemes.push({ kind: 'punctuation', text: punctuation })
    else if (string !== undefined) lexemes.push({ kind: 'string', text: string })
    else if (number !== undefined) lexemes.push({ kind: 'number', text: number })
    else if (literal !== undefined) lexemes.push({ kind: 'literal', text: literal })
  }
  return lexemes
}
