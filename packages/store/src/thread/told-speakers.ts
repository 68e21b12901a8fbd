import type { Pairs } from '../native/maps.js'
import type { Parties, Speaker, StrandOfEvents } from '../spoken-of.js'
import { TextNumbers } from './text-numbers.js'

/** Speakers that the other thread does not know yet, and numbers that it is to forget. */
export interface ToldSpeakers {
  readonly numbers: readonly number[]
  /** {@link TEXTS} of each, as numbers of {@link distinct}: most texts are those of many speakers. */
  readonly texts: readonly number[]
  readonly distinct: readonly string[]
  readonly traits: readonly Pairs[]
  readonly forgotten: readonly number[]
}

/** Speakers that the other thread knows at most, and those of one batch. */
const MOST = 20_000

/**
 * Numbers by which another thread knows speakers: it is told of each once, not with each of its events, and told to
 * forget it when nothing was heard of it for long.
 */
export class SpeakerNumbers {
  readonly #most: number
  #known: Speaker[] = []
  /** Of those that were forgotten: numbers stay few, and can be places in a list. */
  #free: number[] = []
  #last = 0
  #batch = 0
  #swept = 0
  /** How many are known when some are forgotten next. */
  #sweptAt: number

  constructor(most: number = MOST) {
    this.#most = most
    this.#sweptAt = most
  }

  /** @param into gets the number of each. */
  tell(speakers: readonly (Speaker | undefined)[], into: Uint32Array): ToldSpeakers {
    const forgotten = this.#known.length > this.#sweptAt ? this.#forget() : []
    this.#batch += 1
    const numbers: number[] = []
    const texts: number[] = []
    const distinct = new TextNumbers()
    const traits: Pairs[] = []
    for (let at = 0; at < into.length; at += 1) {
      const speaker = speakers[at] as Speaker
      if (speaker.number === 0) {
        speaker.number = this.#free.pop() ?? (this.#last += 1)
        this.#known.push(speaker)
        numbers.push(speaker.number)
        const all = textsOf(speaker)
        // Each strand has an id of its own.
        texts.push(distinct.add(all[0] as string))
        for (let index = 1; index < TEXTS; index += 1) texts.push(distinct.of(all[index] as string))
        traits.push(speaker.parties.user_traits)
      }
      speaker.told = this.#batch
      into[at] = speaker.number
    }
    return { numbers, texts, distinct: distinct.texts, traits, forgotten }
  }

  /** Forgets what was not heard of since it did so before; all of it, where much was. */
  #forget(): number[] {
    const kept = this.#known.filter(({ told }) => told > this.#swept)
    const isMuch = kept.length > this.#most * MUCH
    const forgotten: number[] = []
    for (const speaker of this.#known) {
      if (!isMuch && speaker.told > this.#swept) continue
      forgotten.push(speaker.number)
      this.#free.push(speaker.number)
      speaker.number = 0
    }
    this.#known = isMuch ? [] : kept
    this.#sweptAt = this.#known.length + this.#most * (1 - MUCH)
    this.#swept = this.#batch
    return forgotten
  }
}

/** Of what may be known: the rest is for those that come until some are forgotten again. */
const MUCH = 0.75

/** Knows the speakers that {@link SpeakerNumbers} told of. */
export class HeardSpeakers {
  /** By number. */
  readonly #strands: (StrandOfEvents | undefined)[] = []
  readonly #parties: (Parties | undefined)[] = []

  hear({ numbers, texts, distinct, traits, forgotten }: ToldSpeakers): void {
    for (const number of forgotten) {
      this.#strands[number] = undefined
      this.#parties[number] = undefined
    }
    for (let index = 0; index < numbers.length; index += 1) {
      const first = index * TEXTS
      const number = numbers[index] as number
      const textAt = (at: number): string => distinct[texts[first + at] as number] as string
      this.#strands[number] = strandFrom(textAt)
      this.#parties[number] = partiesFrom(textAt, traits[index] as Pairs)
    }
  }

  strand(number: number): StrandOfEvents {
    return this.#strands[number] as StrandOfEvents
  }

  parties(number: number): Parties {
    return this.#parties[number] as Parties
  }
}

/** Texts of a speaker. */
const TEXTS = 20

function textsOf({ known: { id, key, strand }, parties }: Speaker): string[] {
  return [
    id,
    key.hash,
    // Often the same.
    key.rung,
    strand.rung,
    key.actor,
    strand.actor,
    strand.scope,
    strand.raw,
    // Often empty.
    strand.user,
    strand.client,
    parties.user_id,
    parties.user_name,
    strand.project,
    parties.mcp_session_id,
    parties.client_name,
    parties.client_version,
    parties.server_name,
    parties.server_version,
    parties.protocol_version,
    parties.transport,
  ]
}

/** By {@link textsOf}. */
function strandFrom(text: (at: number) => string): StrandOfEvents {
  return {
    id: text(0),
    key: { hash: text(1), rung: text(2), actor: text(4) },
    strand: {
      project: text(12),
      rung: text(3),
      actor: text(5),
      user: text(8),
      client: text(9),
      scope: text(6),
      raw: text(7),
    },
  }
}

/** By {@link textsOf}. */
function partiesFrom(text: (at: number) => string, traits: Pairs): Parties {
  return {
    mcp_session_id: text(13),
    user_id: text(10),
    user_name: text(11),
    user_traits: traits.length === 0 ? NO_TRAITS : traits,
    client_name: text(14),
    client_version: text(15),
    server_name: text(16),
    server_version: text(17),
    protocol_version: text(18),
    transport: text(19),
  }
}

const NO_TRAITS: Pairs = []
