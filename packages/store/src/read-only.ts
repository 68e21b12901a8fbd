import { UserError } from '@mcpcat/collector'
import type { Engine } from './engine.js'
import { sql } from './sql-files.js'

/** What a person's statement may cost a collector that has other work. */
export interface ReadLimits {
  readonly maxSeconds: number
  readonly maxResultBytes: number
  /** While it is computed. */
  readonly maxMemoryBytes: number
}

const READING = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'EXPLAIN', 'EXISTS'])

/** Functions inside expressions that reach beyond the store; the engine's read-only mode lets them pass. */
const REACHING_FUNCTIONS = new Set(['file', 'hascolumnintable', 'reversednsquery'])

/** Also the name of a function that only puts text together. */
const HARMLESS = new Set(['format'])

/**
 * A statement that only reads from the store, as it may be run beside others in one session. The
 * engine's own parser says what it is: one statement, without comments, in one spelling.
 *
 * @throws UserError for anything that writes, or reads files and addresses.
 */
export async function readOnlyStatement(engine: Engine, text: string, limits?: ReadLimits): Promise<string> {
  const [parsed] = await engine.query<{ statement: string }>(sql('parse-statement'), { statement: text })
  const statement = parsed?.statement ?? ''
  const words = wordsOf(statement)
  const [first] = words
  if (first === undefined || !READING.has(first.word.toUpperCase())) {
    throw new UserError(`only ${[...READING].join(', ')} are allowed here: it only reads`)
  }
  if (hasSequence(words, ['INTO', 'OUTFILE'])) {
    throw new UserError('INTO OUTFILE is not allowed here: redirect the output of the command')
  }
  if (words.some(({ word, quoted }) => !quoted && word === 'SETTINGS')) {
    throw new UserError('SETTINGS are not allowed here: leave them out')
  }
  const reaching = new Set(REACHING_FUNCTIONS)
  for (const { name } of await engine.query<{ name: string }>(sql('table-functions-beyond'))) {
    if (!HARMLESS.has(name.toLowerCase())) reaching.add(name.toLowerCase())
  }
  const found = words.find(({ word, called }) => called && reaching.has(word.toLowerCase()))
  if (found) throw new UserError(`${found.word}() is not allowed here: it reaches beyond the store`)
  return ['SELECT', 'WITH'].includes(first.word.toUpperCase()) ? `${statement} SETTINGS ${settings(limits)}` : statement
}

function settings(limits: ReadLimits | undefined): string {
  const bounds = limits && [
    `max_execution_time = ${limits.maxSeconds}`,
    `max_memory_usage = ${limits.maxMemoryBytes}`,
    `max_result_bytes = ${limits.maxResultBytes}`,
    "result_overflow_mode = 'throw'",
  ]
  return ['readonly = 1', ...(bounds ?? [])].join(', ')
}

interface Word {
  readonly word: string
  readonly quoted: boolean
  /** A parenthesis follows. */
  readonly called: boolean
}

const TOKEN =
  /'(?:[^'\\]|\\.|'')*'|`(?<tick>(?:[^`\\]|\\.)*)`|"(?<quote>(?:[^"\\]|\\.)*)"|(?<plain>[A-Za-z_]\w*)|(?<other>\S)/g

/** The words outside of strings. */
function wordsOf(statement: string): Word[] {
  const words: Word[] = []
  const tokens = [...statement.matchAll(TOKEN)]
  for (const [index, { groups = {} }] of tokens.entries()) {
    const word = groups['tick'] ?? groups['quote'] ?? groups['plain']
    if (word === undefined) continue
    const called = tokens[index + 1]?.groups?.['other'] === '('
    words.push({ word, quoted: groups['plain'] === undefined, called })
  }
  return words
}

function hasSequence(words: readonly Word[], sequence: readonly string[]): boolean {
  return words.some((_, start) =>
    sequence.every((expected, offset) => {
      const found = words[start + offset]
      return found?.quoted === false && found.word === expected
    }),
  )
}
