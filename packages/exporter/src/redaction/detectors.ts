import { isIPv6 } from 'node:net'
import { apiKey } from './api-keys.js'
import { type Detector, patternDetector } from './detector.js'
import { email } from './email.js'
import { privateKey } from './private-key.js'

/** A token begins here: not in the middle of a word, though an escaped line break may stand before it. */
const TOKEN_START = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))`

const jwt = patternDetector({
  name: 'jwt',
  hint: /eyJ/,
  pattern: new RegExp(String.raw`${TOKEN_START}eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{4,}){1,4}\.?`),
  tail: /[A-Za-z0-9_.-]+/y,
})

/** The credentials after `Bearer` or `Basic`, in or out of a header. "Basic authentication" is prose. */
const bearer = patternDetector({
  name: 'bearer',
  hint: /bearer|basic/i,
  pattern: /(?:(?<![A-Za-z0-9_])|(?<=\\[nrt]))(?:bearer|basic)(?: |%20|\+|:){1,3}[A-Za-z0-9._~+/=-]{8,}/i,
  accept: (match) => {
    const credentials = match.replace(/^\w+(?: |%20|\+|:)+/, '')
    return /\d|=$/.test(credentials) || /[a-z][A-Z]/.test(credentials)
  },
  tail: /[A-Za-z0-9._~+/=-]+/y,
})

const urlPassword = patternDetector({
  name: 'password',
  hint: /:\/\//,
  // User information of a URL: RFC 3986, section 3.2.1.
  pattern: /(?<=:\/\/)[^\s/:@"'\\?#]{0,128}:[^\s/@"'\\?#]{1,256}(?=@)/,
})

const creditCard = patternDetector({
  name: 'credit_card',
  hint: /\d{4}/,
  pattern:
    /(?<!\d)(?<![\da-fA-F]{2})(?<!\d\.)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?![\da-fA-F])(?!\.\d)/,
  accept: (match) => {
    const digits = match.replace(/\D/g, '')
    return isCardLength(digits) && passesLuhn(digits)
  },
})

/** International (`+` and 8 to 15 digits, E.164) and North American forms. */
const phone = patternDetector({
  name: 'phone',
  hint: /\d{3}/,
  pattern:
    /(?<![\w.+-])(?:\+[1-9](?:[ ().-]{0,2}\d){7,14}|(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:1[ .-])?\d{3}([.-])\d{3}\1\d{4})(?![\w-])/,
})

const ipAddress = patternDetector({
  name: 'ip',
  hint: /\d\.\d|:[\da-f:]/i,
  pattern:
    /(?<![\w.:])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w])(?!\.\d)|(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:]))/i,
  accept: (match) => match.includes('.') || (/\d/.test(match) && isIPv6(match)),
})

export type DetectorName =
  | 'private_key'
  | 'password'
  | 'bearer'
  | 'jwt'
  | 'api_key'
  | 'credit_card'
  | 'email'
  | 'phone'
  | 'ip'

/** In the order in which they win where findings overlap. */
const TABLE: Record<DetectorName, { detector: Detector; on: boolean }> = {
  private_key: { detector: privateKey, on: true },
  password: { detector: urlPassword, on: true },
  bearer: { detector: bearer, on: true },
  jwt: { detector: jwt, on: true },
  api_key: { detector: apiKey, on: true },
  credit_card: { detector: creditCard, on: true },
  email: { detector: email, on: true },
  phone: { detector: phone, on: false },
  ip: { detector: ipAddress, on: false },
}

export const DETECTOR_NAMES: readonly DetectorName[] = Object.keys(TABLE) as DetectorName[]

/** The built-in detectors that are on; `phone` and `ip` are off unless asked for. */
export function chooseDetectors(choice: Partial<Record<DetectorName, boolean>> = {}): Detector[] {
  return DETECTOR_NAMES.filter((name) => choice[name] ?? TABLE[name].on).map((name) => TABLE[name].detector)
}

/** Whether a whole number is a payment card's. */
export function isCardNumber(value: number): boolean {
  if (!Number.isSafeInteger(value) || value < 1e12) return false
  const digits = String(value)
  return isCardLength(digits) && passesLuhn(digits)
}

/** Issuer prefixes with their lengths; what starts otherwise (a time in milliseconds, an id) is no card. */
const CARDS = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]|2[2-7])\d{14}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[689]\d)\d{11}(?:\d{2})?$/,
  /^(?:6011|64[4-9]\d|65\d\d)\d{12}(?:\d{3})?$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
  /^62\d{14}(?:\d{3})?$/,
  /^(?:50|5[6-8]|63|67)\d{14}$/,
]

function isCardLength(digits: string): boolean {
  return CARDS.some((card) => card.test(digits))
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2
    sum += digit
  }
  return sum % 10 === 0
}
