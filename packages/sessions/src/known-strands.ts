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
  /** Whether {@link read} would have given the same for the same values of any other event. */
  readonly isOfValues: boolean
}

/** Strands remembered at most, twice: those of now, and those of before. */
const MOST = 50_000
/** Most conversations are short: with more than few strands, those without an event for so long, or twice that, are forgotten. */
const FEW = 5000
const RENEWED_AFTER_MS = 2000

/**
 * Remembers the keys of strands, which cost a hash each, while their events come.
 *
 * @param now milliseconds by a clock that only goes forward.
 */
export function knownStrands(rules: SessionRules, now: () => number = () => performance.now()): KnownStrands {
  const evidence = new Evidence(rules)
  let recent = new Map<string, Together>()
  let before = new Map<string, Together>()
  let renewedAt = now()

  /** Strands that share the text by which they are found. */
  function at(place: string): Together | undefined {
    const strands = recent.get(place)
    if (strands) return strands
    const strandsBefore = before.get(place)
    if (strandsBefore) remember(place, strandsBefore)
    return strandsBefore
  }

  function remember(place: string, strands: Together): void {
    if (recent.size >= MOST || (recent.size >= FEW && now() - renewedAt >= RENEWED_AFTER_MS)) {
      before = recent
      recent = new Map()
      renewedAt = now()
    }
    recent.set(place, strands)
  }

  function added(strand: Strand, place: string, others: Together | undefined): KnownStrand {
    const known = new KnownStrand(rules, strand)
    remember(place, others === undefined ? known : together(others, known))
    return known
  }

  return {
    names: evidence.names,
    of(strand) {
      const place = placeOf(strand)
      const found = at(place)
      const known = found && among(found, (each) => isSame(each.strand, strand))
      return known ?? added(strand, place, found)
    },
    read(values, event) {
      evidence.read(values, event)
      const { place } = evidence
      const found = at(place)
      if (found instanceof KnownStrand && evidence.isOf(found.strand)) return found
      const known = found && among(found, (each) => evidence.isOf(each.strand))
      return known ?? added(evidence.strand(), place, found)
    },
    get isOfValues() {
      return evidence.isOfValues
    },
  }
}

/** Mostly one. */
type Together = KnownStrand | readonly KnownStrand[]

function among(strands: Together, isIt: (known: KnownStrand) => boolean): KnownStrand | undefined {
  return strands instanceof KnownStrand ? (isIt(strands) ? strands : undefined) : strands.find(isIt)
}

function together(strands: Together, known: KnownStrand): Together {
  if (strands instanceof KnownStrand) return [strands, known]
  return strands.length < MOST_TOGETHER ? [...strands, known] : known
}

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
