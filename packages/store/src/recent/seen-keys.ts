import { crc32 } from 'node:zlib'
import type { SessionKey, SessionRules } from '@mcpcat/sessions'
import { ENDLESS, fragmentGap } from '@mcpcat/sessions'

/**
 * What the store may have something of: scopes, and keys within a stretch of time. It forgets nothing
 * and errs by "perhaps" only: where it says "no", nobody has to ask the engine.
 */
export interface SeenKeys {
  addScope(name: string): void
  perhapsScope(name: string): boolean
  /** The key has events between these times, in nanoseconds. */
  addKey(key: SessionKey, lower: bigint, upper: bigint): void
  /** The time around these, at least from one to the other, in which the key has no events; undefined: it may have some. */
  unseenAround(key: SessionKey, lower: bigint, upper: bigint): Range | undefined
  /** By the hash that the engine computes of such names, {@link scopeName} and {@link keyName}. */
  addHash(hash: number): void
}

/** Of time, in nanoseconds. */
export interface Range {
  readonly lower: bigint
  readonly upper: bigint
}

/**
 * 32 MiB, of which only what is used costs memory. A name is two bits of it: with ten million names, one answer in a
 * hundred is wrong, with a hundred thousand one in forty thousand, which is as much as 32 bits of a hash can tell.
 */
const BITS = 28
/** Who looks at more of a key's time than this is told "perhaps", and who adds more adds all of time. */
export const MOST_STRETCHES = 2000n
/** In the place of a stretch's number, as in `seen-keys.sql`. */
const ALL_OF_TIME = '*'
/** Further away than any time is from another one. */
const BEFORE_ALL = -4n * ENDLESS
const AFTER_ALL = 4n * ENDLESS
/** All of time. */
export const EVER: Range = { lower: BEFORE_ALL, upper: AFTER_ALL }

/** @param everything the store may have something of everything. */
export function seenKeys(rules: SessionRules, everything = false): SeenKeys {
  const bits = new Uint8Array(everything ? 1 : 2 ** (BITS - 3))
  const stretch = stretchOf(rules)

  function addHash(hash: number): void {
    if (everything) return
    set(place(hash))
    set(otherPlace(hash))
  }

  function set(at: number): void {
    bits[at >>> 3]! |= 1 << (at & 7)
  }

  function isSet(at: number): boolean {
    return (bits[at >>> 3]! & (1 << (at & 7))) !== 0
  }

  function perhaps(name: string): boolean {
    if (everything) return true
    const hash = crc32(name)
    return isSet(place(hash)) && isSet(otherPlace(hash))
  }

  return {
    addScope: (name) => addHash(crc32(name)),
    perhapsScope: perhaps,
    addKey({ hash, rung }, lower, upper) {
      addHash(crc32(keyName(hash, '')))
      if (fragmentGap(rules, rung) === ENDLESS) return
      // A span may claim to have taken centuries; nobody waits for millions of stretches.
      if ((upper - lower) / stretch > MOST_STRETCHES) {
        addHash(crc32(keyName(hash, ALL_OF_TIME)))
        return
      }
      for (let at = lower / stretch; at <= upper / stretch; at += 1n) addHash(crc32(keyName(hash, String(at))))
    },
    unseenAround({ hash, rung }, lower, upper) {
      // Most keys were never seen at any time.
      if (!perhaps(keyName(hash, ''))) return EVER
      if (fragmentGap(rules, rung) === ENDLESS) return undefined
      if (perhaps(keyName(hash, ALL_OF_TIME))) return undefined
      if ((upper - lower) / stretch > MOST_STRETCHES) return undefined
      for (let at = lower / stretch; at <= upper / stretch; at += 1n) {
        if (perhaps(keyName(hash, String(at)))) return undefined
      }
      // Whole stretches of time; before the epoch nothing happens.
      return {
        lower: lower < 0n ? BEFORE_ALL : lower - (lower % stretch),
        upper: upper - (upper % stretch) + stretch - 1n,
      }
    },
    addHash,
  }
}

function place(hash: number): number {
  return hash >>> (32 - BITS)
}

/** The multiplier is the golden ratio's (Knuth, The Art of Computer Programming, volume 3, 6.4). */
function otherPlace(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - BITS)
}

/** Nanoseconds of a stretch of time: no pause within a session is shorter than what may be one. */
export function stretchOf(rules: SessionRules): bigint {
  return BigInt(rules.gapMs) * 1_000_000n
}

/** As in `seen-scopes.sql`. */
export function scopeName(project: string, scope: string): string {
  return `${project}\n${scope}`
}

/** As in `seen-keys.sql`: with the number of a stretch since the epoch, or empty for any. */
function keyName(hash: string, stretch: string): string {
  return `${hash}\n${stretch}`
}
