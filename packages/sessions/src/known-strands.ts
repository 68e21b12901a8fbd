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
  let recent = new Map<string, KnownStrand[]>()
  let before = new Map<string, KnownStrand[]>()

  function remember(place: string, strands: KnownStrand[]): void {
    if (recent.size >= MOST) {
      before = recent
      recent = new Map()
    }
    recent.set(place, strands)
  }

  return {
    of(strand) {
      // Strands that share the text by which they are found; mostly one.
      const place = strand.scope || strand.actor
      let strands = recent.get(place)
      if (!strands) {
        strands = before.get(place)
        if (strands) remember(place, strands)
      }
      if (strands) for (const known of strands) if (isSame(known.strand, strand)) return known
      const known = { strand, key: ownKey(strand, rules), id: strandId(strand) }
      remember(place, strands && strands.length < MOST_TOGETHER ? [...strands, known] : [known])
      return known
    },
  }
}

/** A scope of more strands than this is looked up anew from time to time. */
const MOST_TOGETHER = 100

function isSame(a: Strand, b: Strand): boolean {
  return (
    a.scope === b.scope &&
    a.actor === b.actor &&
    a.user === b.user &&
    a.client === b.client &&
    a.raw === b.raw &&
    a.rung === b.rung &&
    a.project === b.project
  )
}

/** Lengths before the texts, so that no two strands share it, whatever they contain; a text that is the scope, once. */
function strandId({ project, rung, actor, user, client, scope, raw }: Strand): string {
  const [actorLength, actorText] = actor === scope ? ['=', ''] : [actor.length, actor]
  const [rawLength, rawText] = raw === scope ? ['=', ''] : [raw.length, raw]
  return `${project.length},${rung.length},${actorLength},${user.length},${client.length},${rawLength} ${project}${rung}${actorText}${user}${client}${rawText}${scope}`
}
