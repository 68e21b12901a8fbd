import { parseDocument } from 'yaml'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a string of the configuration became, and as which string should a string be wanted. */
export interface Expanded {
  value: unknown
  /** Set when the value was read as YAML, so that `${env:PORT}` may serve as number and as string. */
  text?: string
}

/** `$$`, `${env:NAME}`, `${env:NAME:-default}`; `${NAME}` is short for `${env:NAME}`, as in otelcol. */
const REFERENCE = /\$\$|\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/**
 * Fills environment references into one string. A string that is one reference and nothing else
 * takes the type that YAML gives the variable's text, as in otelcol.
 *
 * @param missing Called with the name of a variable that is unset and has no default.
 */
export function expand(text: string, environment: Environment, missing: (name: string) => void): Expanded {
  let references = 0
  const filled = text.replace(REFERENCE, (whole, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return '$'
    references += 1
    // As in the shell's `:-`, an empty variable counts as unset.
    const value = environment[name] || fallback
    if (value === undefined && environment[name] === undefined) missing(name)
    return value ?? ''
  })
  const alone = references === 1 && text.startsWith('${') && text.indexOf('}') === text.length - 1
  return alone ? { value: parseOrText(filled), text: filled } : { value: filled }
}

/** What YAML makes of the text, or the text itself: free text in a variable need not be YAML. */
export function parseOrText(text: string): unknown {
  const document = parseDocument(text)
  return document.errors.length > 0 ? text : document.toJS()
}
