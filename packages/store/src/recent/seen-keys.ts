import { crc32 } from 'node:zlib'
import type { SessionKey, SessionRules } from '@mcpcat/sessions'
import { ENDLESS, fragmentGap } from '@mcpcat/sessions'
import { SeenHashes } from './seen-hashes.js'

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
  const hashes = everything ? undefined : new SeenHashes()
  const stretch = stretchOf(rules)

  function addHash(hash: number): void {
    hashes?.add(hash)
  }

  function perhaps(name: string): boolean {
    return hashes === undefined || hashes.perhaps(crc32(name))
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
