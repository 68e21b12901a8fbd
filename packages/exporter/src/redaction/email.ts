import type { Detector } from './detector.js'

/** RFC 5321, section 4.5.3.1. */
const LONGEST_LOCAL_PART = 64
const LONGEST_DOMAIN = 255

/** `icon@2x.png`, `app@1.2.0.tgz`: file names, not domains. */
const FILE_ENDINGS = new Set(
  `png jpg jpeg gif svg webp avif ico css js mjs cjs ts tsx jsx json yaml yml tgz gz zip tar txt md
   html xml map lock`.split(/\s+/),
)

/** Walks outwards from each `@`, so the time is linear whatever the text. */
export const email: Detector = {
  name: 'email',
  find(text, from, to, report) {
    // The local part begins in the window; its @ may lie behind the end.
    const window = text.slice(from, to + LONGEST_LOCAL_PART)
    for (let index = window.indexOf('@'); index !== -1; index = window.indexOf('@', index + 1)) {
      const at = from + index
      let start = at
      while (start > 0 && at - start < LONGEST_LOCAL_PART && isLocalPart(text.charCodeAt(start - 1))) start -= 1
      start = skipEscape(text, start)
      while (start < at && text.charCodeAt(start) === 46 /* . */) start += 1
      let end = at + 1
      const furthest = Math.min(text.length, at + 1 + LONGEST_DOMAIN)
      while (end < furthest && isDomain(text.charCodeAt(end))) end += 1
      const domain = trimEnd(text.slice(at + 1, end))
      if (start === at || start < from || start >= to || !isHostName(domain)) continue
      // git@host:path is the address of a repository.
      if (text.slice(start, at) === 'git' && text.charAt(at + 1 + domain.length) === ':') continue
      report({ start, end: at + 1 + domain.length, label: 'email' })
    }
  },
}

/** The `n` of an escaped line break is no letter of the address. */
function skipEscape(text: string, start: number): number {
  return text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start)) ? start + 1 : start
}

function trimEnd(domain: string): string {
  let end = domain.length
  while (end > 0 && /[.-]/.test(domain.charAt(end - 1))) end -= 1
  return domain.slice(0, end)
}

function isHostName(domain: string): boolean {
  const labels = domain.split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length < 2 || labels.includes('') || FILE_ENDINGS.has(last.toLowerCase())) return false
  return /^(?:[a-z\u0080-\uffff]{2,}|xn--[a-z\d-]+)$/i.test(last)
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code > 127
}

/** `. _ % + - ' & ~ # ! $ * / = ? ^ { | }` would all be allowed; the last ones mostly delimit. */
function isLocalPart(code: number): boolean {
  return isLetterOrDigit(code) || code === 46 || code === 95 || code === 37 || code === 43 || code === 45
}

function isDomain(code: number): boolean {
  return isLetterOrDigit(code) || code === 46 || code === 45
}
