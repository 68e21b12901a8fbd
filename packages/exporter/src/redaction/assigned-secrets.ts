import type { Detector, Report } from './detector.js'
import type { KeyRule } from './key-rule.js'
import { backslashesBefore, closingQuote, endOfContainer } from './quotes.js'

export const REDACTED = '[REDACTED]'

/**
 * Values given to secret names inside text: JSON (whole, cut off, or within a JSON string),
 * `password=…` in a URL, a query or a log line, `Authorization: …` in a header dump, `--token …` on
 * a command line, `<password>…</password>`. Reads the text once, from separator to separator.
 */
export function assignedSecrets(isSecretKey: KeyRule): Detector {
  return {
    name: 'secret',
    find(text, from, to, report) {
      const window = text.slice(from, to + 2)
      const separator = /[:=]|--(?=[A-Za-z])|<(?=[A-Za-z])/g
      for (let match = separator.exec(window); match; match = separator.exec(window)) {
        const at = from + match.index
        if (at >= to) return
        const end = READERS[match[0]]?.(text, at, isSecretKey, report)
        if (end !== undefined) separator.lastIndex = Math.max(end, at + 1) - from
      }
    },
  }
}

/** Reads what stands around a separator; answers where reading goes on, when it found something. */
type Reader = (text: string, at: number, isSecretKey: KeyRule, report: Report) => number | undefined

const READERS: Readonly<Record<string, Reader>> = {
  ':': readAssignment,
  '=': readAssignment,
  '--': readFlag,
  '<': readElement,
}

const LONGEST_KEY = 128
/** Words that follow a secret's name in prose and in code, and are not the secret. */
const NOT_A_VALUE = new Set(
  `null nil none undefined true false string number boolean object any str int the a an is was are not
   no required missing invalid expired optional must should cannot incorrect wrong empty ok yes to for
   or and of in on with your this that denied failed unknown unset set`.split(/\s+/),
)
/** Their values hold spaces and go on to the end of the line. */
const TO_THE_LINE_END = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i

interface Key {
  name: string
  /** Backslashes before its closing quote; -1 when it is not quoted. */
  level: number
  quote: string
}

function readAssignment(text: string, at: number, isSecretKey: KeyRule, report: Report): number | undefined {
  const key = keyBefore(text, at)
  if (!key || !isSecretKey(key.name)) return undefined
  let start = at + 1
  while (text.charAt(start) === '=' || text.charAt(start) === '>') start += 1
  start = skipSpace(text, start, key.level >= 0)
  const quoteAt = skipBackslashes(text, start)
  const char = text.charAt(quoteAt)
  if (char === '"' || char === "'") {
    const end = closingQuote(text, quoteAt + 1, char, quoteAt - start)
    return reportValue(report, quoteAt + 1, end)
  }
  if (key.level < 0) return readBare(text, start, key, report)
  const marker = '\\'.repeat(key.level) + key.quote
  if (char === '{' || char === '[') {
    const end = endOfContainer(text, start)
    report({ start, end, label: 'secret', replacement: marker + REDACTED + marker })
    return end
  }
  const number = /^-?\d[\d.eE+-]*/.exec(text.slice(start, start + 64))
  if (!number) return undefined
  const end = start + number[0].length
  report({ start, end, label: 'secret', replacement: marker + REDACTED + marker })
  return end
}

/** A value without quotes: to the next delimiter, or to the end of the line for headers. */
function readBare(text: string, from: number, key: Key, report: Report): number | undefined {
  if (TO_THE_LINE_END.test(key.name)) {
    const rest = /^(?:[^\r\n"'\\]|\\(?![nrt"']))*/.exec(text.slice(from, from + 8192))
    const value = rest?.[0] ?? ''
    return NOT_A_VALUE.has(value.trim().toLowerCase()) ? undefined : reportValue(report, from, from + value.length)
  }
  const value = /^(?:bearer |basic |token )?(?:[^\s,;&"'`<>(){}[\]|\\]|\\(?![\\nrt"']))+/i.exec(
    text.slice(from, from + 8192),
  )?.[0]
  if (!value || NOT_A_VALUE.has(value.replace(/[.!?:]+$/, '').toLowerCase())) return undefined
  // A call or a look-up in source code.
  const isCall = value.length <= 64 && text.charAt(from + value.length) === '('
  if (isCall || /^(?:process\.env|os\.environ|import\.meta)/.test(value)) return undefined
  return reportValue(report, from, from + value.length)
}

function readFlag(text: string, at: number, isSecretKey: KeyRule, report: Report): number | undefined {
  const flag = /^--([A-Za-z][\w-]{0,63})(?:=| +)["']?/.exec(text.slice(at, at + 80))
  if (!flag || text.charAt(at - 1) === '-' || !isSecretKey(flag[1] ?? '')) return undefined
  const start = at + flag[0].length
  const value = /^[^\s"'\\]+/.exec(text.slice(start, start + 8192))
  return value && !value[0].startsWith('-') ? reportValue(report, start, start + value[0].length) : undefined
}

function readElement(text: string, at: number, isSecretKey: KeyRule, report: Report): number | undefined {
  const open = /^<([A-Za-z][\w:.-]{0,63})>/.exec(text.slice(at, at + 80))
  if (!open || !isSecretKey(open[1] ?? '')) return undefined
  const start = at + open[0].length
  const end = text.indexOf('<', start)
  return reportValue(report, start, end === -1 ? text.length : end)
}

function reportValue(report: Report, start: number, end: number): number | undefined {
  if (end <= start) return undefined
  report({ start, end, label: 'secret' })
  return end
}

/** The name that ends before a separator, with the quotes it stands in. */
function keyBefore(text: string, separator: number): Key | undefined {
  let end = separator
  while (end > 0 && /[ \t:=]/.test(text.charAt(end - 1)) && separator - end < 8) end -= 1
  const quote = text.charAt(end - 1)
  if (quote === '"' || quote === "'") {
    const level = backslashesBefore(text, end - 1)
    const last = end - 1 - level
    let first = last
    while (first > 0 && last - first < LONGEST_KEY && !/["'\\\n{},]/.test(text.charAt(first - 1))) first -= 1
    return { name: text.slice(first, last), level, quote }
  }
  let first = end
  while (first > 0 && end - first < LONGEST_KEY && /[\w$.-]/.test(text.charAt(first - 1))) first -= 1
  // The n of an escaped line break is no letter of the name.
  if (text.charAt(first - 1) === '\\' && /[nrt]/.test(text.charAt(first))) first += 1
  return first === end ? undefined : { name: text.slice(first, end), level: -1, quote: '' }
}

/** Spaces, and between JSON tokens also line breaks, raw or escaped. */
function skipSpace(text: string, from: number, lines: boolean): number {
  const space = lines ? /(?:[ \t\r\n]|\\+[nrt](?=[\s\\"'{[\d-]))*/y : /[ \t]*/y
  space.lastIndex = from
  return from + (space.exec(text)?.[0].length ?? 0)
}

function skipBackslashes(text: string, from: number): number {
  let at = from
  while (text.charAt(at) === '\\') at += 1
  return at
}
