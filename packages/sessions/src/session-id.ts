import { createHash } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const PREFIX = 'ses_'

/**
 * `ses_` and 26 characters in the shape of a ULID: ten for the start in milliseconds, sixteen for a
 * hash of key, start and first event. Deterministic, and ids sort by start.
 *
 * @param start nanoseconds since the epoch.
 */
export function sessionId(keyHash: string, start: bigint, firstEventId: string): string {
  const hash = createHash('sha256').update(`${keyHash}\n${start}\n${firstEventId}`).digest()
  return (
    PREFIX +
    encode(start / 1_000_000n, 10) +
    encode(hash.readBigUInt64BE(0) & 0xffffffffffn, 8) +
    encode(hash.readBigUInt64BE(8) & 0xffffffffffn, 8)
  )
}

/** The least id that a session starting at this millisecond can have. */
export function firstSessionIdAt(milliseconds: number): string {
  return PREFIX + encode(BigInt(Math.max(0, Math.floor(milliseconds))), 10)
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

function encode(value: bigint, length: number): string {
  let text = ''
  for (let rest = value, i = 0; i < length; i++, rest >>= 5n) text = ALPHABET[Number(rest & 31n)] + text
  return text
}
