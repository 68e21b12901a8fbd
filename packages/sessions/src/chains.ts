import type { Fragment } from './fragments.js'
import { compareStarts } from './fragments.js'

/** A session that is being assembled. */
interface Chain<F extends Fragment> {
  /** Which of all chains it is, by their beginnings. */
  readonly place: number
  readonly fragments: F[]
  /** Of its last fragment. */
  end: bigint
}

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
  const inOrder = fragments.toSorted(compareStarts)
  if (limit === 0n) return inOrder.map((fragment) => [fragment])

  const chains: Chain<F>[] = []
  const chainOf = new Map<F, Chain<F>>()
  const byEnd = inOrder.toSorted((a, b) => (a.end < b.end ? -1 : a.end > b.end ? 1 : 0))
  let passed = 0
  /** Chains that have ended and were not continued: the one that the next fragment continues comes last. */
  const ended: Chain<F>[] = []

  /** What has ended by then ended after all that had ended before: it comes behind it. */
  function endBefore(start: bigint): void {
    const first = ended.length
    for (let next = byEnd[passed]; next && next.end < start; next = byEnd[passed]) {
      ended.push(chainOf.get(next) as Chain<F>)
      passed += 1
    }
    if (ended.length > first + 1) ended.push(...ended.splice(first).toSorted(compareEnds))
  }

  for (const fragment of inOrder) {
    const { start, end } = fragment
    endBefore(start)
    let chain = ended.pop()
    if (chain && start - chain.end <= limit) {
      chain.fragments.push(fragment)
      chain.end = end
    } else {
      // What ended before that one did is not continued any more, either.
      ended.length = 0
      chain = { place: chains.length, fragments: [fragment], end }
      chains.push(chain)
    }
    chainOf.set(fragment, chain)
  }
  return chains.map((chain) => chain.fragments)
}

/** Of those that end at once, the one that began first comes last. */
function compareEnds(a: Chain<Fragment>, b: Chain<Fragment>): number {
  if (a.end !== b.end) return a.end < b.end ? -1 : 1
  return b.place - a.place
}
