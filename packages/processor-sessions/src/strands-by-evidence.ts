import { ByteSource, sameBytes } from '@mcpcat/collector'
import type { EventName, KnownStrand, KnownStrands } from '@mcpcat/sessions'
import { EvidenceKey, LONGEST_KEY } from './evidence-key.js'
import type { EvidenceReader } from './evidence-reader.js'

/** Some 2 MiB of keys. */
const PLACES = 16_384

/**
 * Finds the strand of one event after the other. Most events say what an earlier one said: they are recognized by the
 * bytes of it, and no text is made of them.
 */
export class StrandsByEvidence {
  readonly #strands: KnownStrands
  readonly #key = new EvidenceKey()
  readonly #places: number
  readonly #keys: ByteSource
  readonly #lengths: Uint8Array
  readonly #found: (KnownStrand | undefined)[]
  #last = 0

  /** @param places for strands that are found by bytes, a power of two; two next to each other take what has the same hash. */
  constructor(strands: KnownStrands, places: number = PLACES) {
    this.#strands = strands
    this.#places = places
    this.#keys = new ByteSource(Buffer.alloc(places * LONGEST_KEY))
    this.#lengths = new Uint8Array(places)
    this.#found = Array.from({ length: places })
  }

  /** The strand of the event that was read last. */
  of(evidence: EvidenceReader, event: EventName): KnownStrand {
    if (!evidence.writeTo(this.#key)) return this.#strands.read(evidence.values(), event)
    const place = this.#key.hash() & (this.#places - 1)
    return this.#at(place) ?? this.#at(place ^ 1) ?? this.#read(evidence, event, place)
  }

  #at(place: number): KnownStrand | undefined {
    const { length, source } = this.#key
    if (this.#lengths[place] !== length) return undefined
    return sameBytes(this.#keys, place * LONGEST_KEY, source, 0, length) ? this.#found[place] : undefined
  }

  #read(evidence: EvidenceReader, event: EventName, place: number): KnownStrand {
    const strand = this.#strands.read(evidence.values(), event)
    if (this.#strands.isOfValues) this.#remember(strand, place)
    return strand
  }

  /** In one of two places, by turns. */
  #remember(strand: KnownStrand, place: number): void {
    this.#last ^= 1
    const at = place ^ this.#last
    const { length, source } = this.#key
    this.#lengths[at] = length
    source.bytes.copy(this.#keys.bytes, at * LONGEST_KEY, 0, length)
    this.#found[at] = strand
  }
}
