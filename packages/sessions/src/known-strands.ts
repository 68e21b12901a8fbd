import type { Strand } from './evidence.js'
import type { SessionKey } from './key.js'
import { ownKey } from './key.js'
import type { SessionRules } from './rules.js'

/** A strand with what follows from it alone. */
export interface KnownStrand {
  readonly strand: Strand
  /** Of its own evidence alone. */
  readonly key: SessionKey
  /** Stands for the strand: equal strands, equal ids. */
  readonly id: string
}

export interface KnownStrands {
  /** The same object for equal strands, as long as it is remembered. */
  of(strand: Strand): KnownStrand
}

/** Strands remembered at most, twice: those of now, and those of before. */
const MOST = 50_000

/** Remembers the keys of strands, which cost a hash each, while their events come. */
export function knownStrands(rules: SessionRules): KnownStrands {
  let recent = new Map<string, KnownStrand>()
  let before = new Map<string, KnownStrand>()
  return {
    of(strand) {
      const id = strandId(strand)
      let known = recent.get(id)
      if (known) return known
      known = before.get(id) ?? { strand, key: ownKey(strand, rules), id }
      if (recent.size >= MOST) {
        before = recent
        recent = new Map()
      }
      recent.set(id, known)
      return known
    },
  }
}

/** Lengths before the texts, so that no two strands share it, whatever they contain. */
function strandId({ project, rung, actor, user, client, scope, raw }: Strand): string {
  return `${project.length},${rung.length},${actor.length},${user.length},${client.length},${scope.length} ${project}${rung}${actor}${user}${client}${scope}${raw}`
}
