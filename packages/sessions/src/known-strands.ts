import type { EventName, Strand } from './evidence.js'
import { Evidence, placeOf } from './evidence.js'
import { KnownStrand } from './known-strand.js'
import type { SessionRules } from './rules.js'

export interface KnownStrands {
  /** The same object for equal strands, as long as it is remembered. */
  of(strand: Strand): KnownStrand
  /** The attributes that {@link read} takes the values of, in this order. */
  readonly names: readonly string[]
  /** The strand of an event, as {@link of} gives it. */
  read(values: readonly (string | undefined)[], event: EventName): KnownStrand
}

/** Strands remembered at most, twice: those of now, and those of before. */
const MOST = 50_000

/** Remembers the keys of strands, which cost a hash each, while their events come. */
export function knownStrands(rules: SessionRules): KnownStrands {
  const evidence = new Evidence(rules)
  let recent = new Map<string, KnownStrand[]>()
  let before = new Map<string, KnownStrand[]>()

  /** Strands that share the text by which they are found; mostly one. */
  function at(place: string): KnownStrand[] {
    const strands = recent.get(place)
    if (strands) return strands
    const strandsBefore = before.get(place)
    if (!strandsBefore) return NONE
    remember(place, strandsBefore)
    return strandsBefore
  }

  function remember(place: string, strands: KnownStrand[]): void {
    if (recent.size >= MOST) {
      before = recent
      recent = new Map()
    }
    recent.set(place, strands)
  }

  function added(strand: Strand, place: string, strands: KnownStrand[]): KnownStrand {
    const known = new KnownStrand(rules, strand)
    remember(place, strands.length < MOST_TOGETHER ? [...strands, known] : [known])
    return known
  }

  return {
    names: evidence.names,
    of(strand) {
      const place = placeOf(strand)
      const strands = at(place)
      for (const known of strands) if (isSame(known.strand, strand)) return known
      return added(strand, place, strands)
    },
    read(values, event) {
      evidence.read(values, event)
      const { place } = evidence
      const strands = at(place)
      for (const known of strands) if (evidence.isOf(known.strand)) return known
      return added(evidence.strand(), place, strands)
    },
  }
}

const NONE: KnownStrand[] = []

/** A place of more strands than this is looked up anew from time to time. */
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
