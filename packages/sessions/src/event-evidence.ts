import type { KnownStrand } from './known-strands.js'
import type { SessionRules } from './rules.js'
import { sameRules } from './rules-source.js'

/** What an event said of whose it is, for whoever needs it after the one that read it. */
export class EventEvidence {
  readonly rules: SessionRules
  readonly known: KnownStrand

  /** @param rules by which it was read. */
  constructor(rules: SessionRules, known: KnownStrand) {
    this.rules = rules
    this.known = known
  }
}

/** Tells of evidence whether it was read by rules that are as good as these. */
export function evidenceBy(rules: SessionRules): (evidence: EventEvidence) => boolean {
  let last = rules
  let isSame = true
  return (evidence) => {
    if (evidence.rules !== last) {
      last = evidence.rules
      isSame = sameRules(last, rules)
    }
    return isSame
  }
}
