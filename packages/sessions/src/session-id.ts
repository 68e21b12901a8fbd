import { hash } from 'node:crypto'
import { flat } from './flat.js'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const PREFIX = 'ses_'

/**
 * `ses_` and 26 characters in the shape of a ULID: ten for the start in milliseconds, sixteen for a
 * hash of key, start and first event. Deterministic, and ids sort by start.
 *
 * @param start nanoseconds since the epoch.
 */
export function sessionId(keyHash: string, start: bigint, firstEventId: string): string {
  const digest = hash('sha256', `${keyHash}\n${start}\n${firstEventId}`)
  return flat(
    PREFIX,
    encode(Number(start / 1_000_000n), 10),
    // The last forty bits of each half of sixteen bytes, in hex digits.
    encode(Number.parseInt(digest.slice(6, 16), 16), 8),
    encode(Number.parseInt(digest.slice(22, 32), 16), 8),
  )
}

/** The least id that a session starting at this millisecond can have. */
export function firstSessionIdAt(milliseconds: number): string {
  return PREFIX + encode(Math.max(0, Math.floor(milliseconds)), 10)
}

/** When the session with this id started, in milliseconds; undefined when it is no session id. */
export function sessionStart(id: string): number | undefined {
  if (!/^ses_[0-9a-hjkmnp-tv-z]{26}$/.test(id)) return undefined
  let milliseconds = 0
  for (const character of id.slice(PREFIX.length, PREFIX.length + 10)) {
    milliseconds = milliseconds * 32 + ALPHABET.indexOf(character)
  }
  return milliseconds
}

/** Five bits a character, of which there is an even number, of a number that a double holds exactly. */
function encode(value: number, length: number): string {
  let text = ''
  let rest = value
  for (let i = 0; i < length; i += 2) {
    const pair = rest % PAIRS.length
    text = (PAIRS[pair] as string) + text
    rest = (rest - pair) / PAIRS.length
  }
  return text
}

/** Of two characters, by their ten bits. */
const PAIRS: readonly string[] = Array.from(
  { length: 1024 },
  (_, bits) => ALPHABET.charAt(bits >>> 5) + ALPHABET.charAt(bits & 31),
)
