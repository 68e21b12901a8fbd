import type { Strand } from './evidence.js'
import { flat } from './flat.js'
import type { OpenFragment } from './fragments.js'
import type { SessionKey } from './key.js'

/** All that a tracker knows of a strand but what follows from it, and when it was used. */
export interface StrandState {
  readonly strand: Strand
  /** By its own evidence and by what its scope lends it; undefined where that is its own. */
  readonly lent: { readonly key: SessionKey; readonly user: string; readonly client: string } | undefined
  /** At least one, in order. */
  readonly fragments: readonly OpenFragment[]
  readonly firstStart: bigint
  readonly firstEventId: string
  readonly lastPlaced: string | undefined
  /** When it came to its key, and to its scopes, among all strands. */
  readonly ofKeySince: number
  readonly ofScopesSince: number
}

/**
 * One text, which takes a fifth of what the state takes as objects with all that follows from it.
 *
 * @param names numbers by which it is found.
 */
export function packed({ strand, lent, fragments, ...rest }: StrandState, names: readonly number[]): string {
  const { project, rung, actor, user, client, scope, raw } = strand
  const content: Packed = [
    [project, rung, scope, user, client, unlike(actor, scope), unlike(raw, scope)],
    lent ? [lent.key.hash, lent.key.rung, lent.key.actor, lent.user, lent.client] : 0,
    fragments.flatMap(({ start, end, firstEventId, eventCount }) => [
      start.toString(),
      (end - start).toString(),
      unlike(firstEventId, rest.firstEventId),
      eventCount,
    ]),
    rest.firstStart === fragments[0]?.start ? 0 : rest.firstStart.toString(),
    rest.firstEventId,
    rest.lastPlaced ?? 0,
    rest.ofKeySince,
    rest.ofScopesSince,
  ]
  return flat(names.join(','), JSON.stringify(content))
}

/** The names that {@link packed} was given. */
export function namesIn(text: string): number[] {
  return text.slice(0, text.indexOf('[')).split(',').map(Number)
}

/** What {@link packed} was given. */
export function unpacked(text: string): StrandState {
  const content = JSON.parse(text.slice(text.indexOf('['))) as Packed
  const [strand, lent, fragments, firstStart, firstEventId, lastPlaced, ofKeySince, ofScopesSince] = content
  const [project, rung, scope, user, client, actor, raw] = strand
  const cut = Array.from({ length: fragments.length / FIELDS }, (_, index): OpenFragment => {
    const [start, lasts, id, eventCount] = fragments.slice(index * FIELDS) as [string, string, Unlike, number]
    return {
      scope,
      start: BigInt(start),
      end: BigInt(start) + BigInt(lasts),
      firstEventId: alike(id, firstEventId),
      eventCount,
    }
  })
  return {
    strand: { project, rung, actor: alike(actor, scope), user, client, scope, raw: alike(raw, scope) },
    lent: lent ? { key: { hash: lent[0], rung: lent[1], actor: lent[2] }, user: lent[3], client: lent[4] } : undefined,
    fragments: cut,
    firstStart: firstStart === 0 ? (cut[0] as OpenFragment).start : BigInt(firstStart),
    firstEventId,
    lastPlaced: lastPlaced === 0 ? undefined : lastPlaced,
    ofKeySince,
    ofScopesSince,
  }
}

/** Of a fragment. */
const FIELDS = 4

type Unlike = string | 0

type Packed = [
  [string, string, string, string, string, Unlike, Unlike],
  [string, string, string, string, string] | 0,
  (string | number)[],
  Unlike,
  string,
  Unlike,
  number,
  number,
]

/** Texts that are mostly the same are there once. */
function unlike(text: string, other: string): Unlike {
  return text === other ? 0 : text
}

function alike(text: Unlike, other: string): string {
  return text === 0 ? other : text
}
