import { chainFragments } from './chains.js'
import type { Fragment } from './fragments.js'
import { compareStarts } from './fragments.js'
import type { SessionKey } from './key.js'
import type { Rung, SessionRules, SessionSource } from './rules.js'
import { rungNamed } from './rules.js'
import { sessionId } from './session-id.js'

/** A session: its fragments in order, and why they are one. */
export interface AssembledSession<F extends Fragment = Fragment> {
  readonly id: string
  readonly source: SessionSource
  /** 0 to 1. */
  readonly confidence: number
  /** For a person: why these events are one session. */
  readonly reason: string
  readonly fragments: readonly F[]
}

/** Nanoseconds without an event after which a fragment of this key ends. */
export function fragmentGap(rules: SessionRules, rungName: string): bigint {
  return rungNamed(rules, rungName).kind === 'handle' ? ENDLESS : BigInt(rules.gapMs) * 1_000_000n
}

/** Longer than any history: 146 years in nanoseconds. */
export const ENDLESS: bigint = 2n ** 62n

/**
 * The sessions of one key, from all fragments of an island of it, in the order of their starts.
 *
 * @param before what this gave for the key when less was known: what begins as it did keeps its id, which costs a hash.
 */
export function assembleSessions<F extends Fragment>(
  key: SessionKey,
  fragments: readonly F[],
  rules: SessionRules,
  before: readonly Pick<AssembledSession, 'id' | 'fragments'>[] = [],
): AssembledSession<F>[] {
  const rung = rungNamed(rules, key.rung)
  let passed = 0
  function idOf(first: Fragment): string {
    for (; passed < before.length; passed++) {
      const { id, fragments: known } = before[passed] as Pick<AssembledSession, 'id' | 'fragments'>
      const order = compareStarts(known[0] as Fragment, first)
      if (order === 0) return id
      if (order > 0) break
    }
    return sessionId(key.hash, first.start, first.firstEventId)
  }
  function assembled(chain: readonly F[]): AssembledSession<F> {
    const { source, confidence, reason } = provenance(rung, chain)
    return { id: idOf(chain[0] as F), source, confidence, reason, fragments: chain }
  }
  // Mostly it is one.
  if (fragments.length === 1) return [assembled(fragments)]
  return chainFragments(fragments, BigInt(rung.limitMs) * 1_000_000n).map(assembled)
}

function provenance(
  rung: Rung,
  chain: readonly Fragment[],
): Pick<AssembledSession, 'source' | 'confidence' | 'reason'> {
  const [first] = chain
  if (rung.kind !== 'handle' && chain.length === 1) {
    if (first?.scope.startsWith('protocol:'))
      return { source: 'protocol', confidence: 1, reason: 'one protocol session' }
    if (first?.scope.startsWith('connection:')) return { source: 'connection', confidence: 1, reason: 'one connection' }
    if (rung.kind === 'trace' && first?.eventCount === 1) {
      return { source: 'isolated', confidence: 0, reason: 'nothing connects this event to another one' }
    }
  }
  const reason =
    rung.source === 'isolated'
      ? 'nothing connects this event to another one'
      : `${chain.length === 1 ? 'events' : `${chain.length} fragments`} of the same ${rung.name}`
  return { source: rung.source, confidence: rung.confidence, reason }
}
