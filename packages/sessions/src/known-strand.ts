import type { Strand } from './evidence.js'
import { flat } from './flat.js'
import type { SessionKey } from './key.js'
import { ownKey } from './key.js'
import type { SessionRules } from './rules.js'
import { sameRules } from './rules-source.js'

/**
 * A strand with what follows from it alone. Left on a span as a note, it says whose the event is to
 * whoever needs it after the one that read it.
 */
export class KnownStrand {
  /** By which it was read. */
  readonly rules: SessionRules
  readonly strand: Strand
  /** Of its own evidence alone. */
  readonly key: SessionKey
  /** Stands for the strand: equal strands, equal ids. */
  readonly id: string
  /** What a tracker remembers of it, so that it need not look for it. */
  mark: object | undefined = undefined
  /** What a store remembers of it, likewise. */
  said: object | undefined = undefined

  constructor(rules: SessionRules, strand: Strand) {
    this.rules = rules
    this.strand = strand
    this.key = ownKey(strand, rules)
    this.id = strandId(strand)
  }
}

/** Tells of a strand whether it was read by rules that are as good as these. */
export function knownBy(rules: SessionRules): (known: KnownStrand) => boolean {
  let last = rules
  let isSame = true
  return (known) => {
    if (known.rules !== last) {
      last = known.rules
      isSame = sameRules(last, rules)
    }
    return isSame
  }
}

/** Lengths before the texts, so that no two strands share it, whatever they contain; a text that is the scope, once. */
function strandId({ project, rung, actor, user, client, scope, raw }: Strand): string {
  const [actorLength, actorText] = actor === scope ? ['=', ''] : [actor.length, actor]
  const [rawLength, rawText] = raw === scope ? ['=', ''] : [raw.length, raw]
  const lengths = `${project.length},${rung.length},${actorLength},${user.length},${client.length},${rawLength} `
  return flat(lengths, project, rung, actorText, user, client, rawText, scope)
}
