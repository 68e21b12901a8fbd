/**
 * Which property names promise a secret, judged by whole words and never by substring: `apiKey`,
 * `api_key` and `X-Api-Key` do; `shipping` (pin), `author` (auth) and `secretary` do not. The last
 * words decide, as in a compound noun: `access_token` is a token, `token_count` is a count.
 */
export type KeyRule = (key: string) => boolean

export interface KeyRuleOptions {
  /** More secret names: words in any spelling (`patient id` also fits `patientId`, `patient_id`), or expressions. */
  secretKeys?: readonly (string | RegExp)[]
  /** Names that are never secret, whatever the rules say; compared by their words. */
  plainKeys?: readonly string[]
}

/** A secret wherever in the name they stand. */
const ALWAYS = new Set(['password', 'passwords', 'passwd', 'pwd', 'passphrase', 'passcode', 'apikey', 'apikeys'])

/** Secret as the last word. */
const HEADS = new Set(
  `authorization auth bearer jwt cookie cookies credential credentials creds secret secrets token sig
   pin otp totp csrf xsrf ssn cvv cvc iban accesskey secretkey privatekey signingkey encryptionkey
   sshkey masterkey clientsecret accesstoken refreshtoken idtoken authtoken sessiontoken bearertoken
   csrftoken creditcard cardnumber connectionstring pass`.split(/\s+/),
)

/** Secret as the last two words. */
const HEAD_PAIRS = new Set(
  `api key, api keys, access key, secret key, private key, signing key, encryption key, auth key,
   account key, master key, ssh key, service key, shared key, deploy key, license key, webhook key,
   credit card, card number, security number, connection string, recovery code, recovery codes,
   security code, verification code, backup codes, amz signature, session cookie, seed phrase`.split(/,\s+/),
)

/** Last words that say how, not what: `password_hash`, `authorizationHeader`, `pinCode`. */
const NEUTRAL = new Set(
  `value values string str text header headers raw plain plaintext field data b64 base64 hash hashed
   encrypted code new old current confirm confirmation`.split(/\s+/),
)

/** `nextPageToken`, `progressToken` and their like only point into a list or at a request. */
const HARMLESS_BEFORE_TOKEN = new Set(
  `page next previous prev continuation continue sync pagination cursor progress start end stop first
   last eos bos pad unk mask max min per resume`.split(/\s+/),
)

const BEFORE_PASS = new Set(['db', 'user', 'smtp', 'mail', 'my', 'root'])

const LONGEST_KEY = 128
const CACHE_SIZE = 2000

/** Splits `getHTTPApiKey_2-x` into `get http api key 2 x`. */
export function wordsOf(key: string): string[] {
  return key
    .slice(-LONGEST_KEY)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/([A-Za-z])(\d)/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9\u0080-\uffff]+/)
    .filter((word) => word !== '')
}

export function createKeyRule(options: KeyRuleOptions = {}): KeyRule {
  const plain = new Set((options.plainKeys ?? []).map((key) => wordsOf(key).join(' ')))
  const phrases: string[] = []
  const patterns: RegExp[] = []
  for (const rule of options.secretKeys ?? []) {
    // Without `g` and `y`, whose lastIndex would make every second answer wrong.
    if (rule instanceof RegExp) patterns.push(new RegExp(rule.source, rule.flags.replace(/[gy]/g, '')))
    else phrases.push(` ${wordsOf(rule).join(' ')} `)
  }

  function judge(key: string): boolean {
    const words = wordsOf(key)
    const joined = words.join(' ')
    if (plain.has(joined)) return false
    const padded = ` ${joined} `
    if (phrases.some((phrase) => padded.includes(phrase))) return true
    if (patterns.some((pattern) => pattern.test(key))) return true
    return namesSecret(words)
  }

  // Names repeat; text from outside may bring endless new ones.
  const known = new Map<string, boolean>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const secret = judge(key)
    if (known.size >= CACHE_SIZE) known.clear()
    if (key.length <= LONGEST_KEY) known.set(key, secret)
    return secret
  }
}

function namesSecret(words: readonly string[]): boolean {
  if (words.some((word) => ALWAYS.has(word))) return true
  let end = words.length
  while (!endsInSecret(words, end)) {
    if (end <= 1 || !isNeutral(words[end - 1] ?? '')) return false
    end -= 1
  }
  return true
}

function endsInSecret(words: readonly string[], end: number): boolean {
  const last = words[end - 1]
  const before = words[end - 2]
  if (last === undefined) return false
  if (before !== undefined && HEAD_PAIRS.has(`${before} ${last}`)) return true
  if (last === 'token' && before !== undefined && HARMLESS_BEFORE_TOKEN.has(before)) return false
  // `pass` alone is a test's outcome; `db_pass` is not.
  if (last === 'pass') return before !== undefined && BEFORE_PASS.has(before)
  return HEADS.has(last)
}

function isNeutral(word: string): boolean {
  return NEUTRAL.has(word) || /^\d+$/.test(word)
}
