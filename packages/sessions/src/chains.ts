import type { Fragment } from './fragments.js'
import { compareStarts } from './fragments.js'

/**
 * Joins the fragments of one key into sessions. Walked by `(start, first event id)`, a fragment
 * continues the chain whose end is the latest among those that ended strictly before its start and
 * no longer ago than `limit`; of two that end at once, the one that began first. Otherwise it opens
 * a chain: what overlaps in time are different conversations.
 *
 * @param limit nanoseconds; 0 joins nothing.
 */
export function chainFragments<F extends Fragment>(fragments: readonly F[], limit: bigint): F[][] {
  if (fragments.length < 2) return fragments.map((fragment) => [fragment])
  const chains: { end: bigint; fragments: F[] }[] = []
  for (const fragment of fragments.toSorted(compareStarts)) {
    let continued: (typeof chains)[number] | undefined
    if (limit > 0n) {
      for (const chain of chains) {
        if (chain.end >= fragment.start || fragment.start - chain.end > limit) continue
        if (!continued || chain.end > continued.end) continued = chain
      }
    }
    if (continued) {
      continued.fragments.push(fragment)
      continued.end = fragment.end
    } else {
      chains.push({ end: fragment.end, fragments: [fragment] })
    }
  }
  return chains.map((chain) => chain.fragments)
}
