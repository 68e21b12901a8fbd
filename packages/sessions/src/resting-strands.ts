import { NumberPairs } from './number-pairs.js'

/** Rows of strands that rest, by the names of whatever a new event may share with them: keys and scopes. */
export class RestingStrands {
  /** By hashes: rows that only seem to have a name are harmless, and it is rare that there are several. */
  readonly #rows = new NumberPairs()

  /** @param hashes each once. */
  add(row: number, hashes: readonly number[]): void {
    for (const hash of hashes) this.#rows.add(hash, row)
  }

  remove(row: number, hashes: readonly number[]): void {
    for (const hash of hashes) this.#rows.remove(hash, row)
  }

  /** As it is now. */
  of(hash: number): readonly number[] {
    return this.#rows.of(hash)
  }
}

/** Of a key, whose own hash is in hexadecimal digits. In so few bits that a number is no object. */
export function hashOfKey(hash: string): number {
  return Number.parseInt(hash.slice(0, 7), 16)
}

export function hashOfScope(project: string, scope: string): number {
  return mixed(mixed(FIRST, scope), project) & MOST
}

const FIRST = 0x811c9dc5
const MOST = 2 ** 30 - 1

/** FNV-1a, of UTF-16 units. */
function mixed(hash: number, text: string): number {
  let mix = hash
  for (let at = 0; at < text.length; at += 1) mix = Math.imul(mix ^ text.charCodeAt(at), 0x01000193)
  return mix
}
