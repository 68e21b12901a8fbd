import type { Pairs } from '../native/maps.js'
import type { Parties, Speaker, StrandOfEvents } from '../spoken-of.js'

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
const MOST = 10_000

/**
 * Numbers by which another thread knows speakers: it is told of each once, not with each of its events, and told to
 * forget it when nothing was heard of it for long.
 */
export class SpeakerNumbers {
  readonly #most: number
  #known: Speaker[] = []
  #last = 0
  #batch = 0
  #swept = 0

  constructor(most: number = MOST) {
    this.#most = most
  }

  /** @param into gets the number of each. */
  tell(speakers: readonly (Speaker | undefined)[], into: Uint32Array): ToldSpeakers {
    const forgotten = this.#known.length > this.#most ? this.#forget() : []
    this.#batch += 1
    const numbers: number[] = []
    const texts: number[] = []
    const distinct = new Map<string, number>()
    const traits: Pairs[] = []
    for (let at = 0; at < into.length; at += 1) {
      const speaker = speakers[at] as Speaker
      if (speaker.number === 0) {
        speaker.number = this.#last += 1
        this.#known.push(speaker)
        numbers.push(speaker.number)
        for (const text of textsOf(speaker)) texts.push(numberOf(text, distinct))
        traits.push(speaker.parties.user_traits)
      }
      speaker.told = this.#batch
      into[at] = speaker.number
    }
    return { numbers, texts, distinct: [...distinct.keys()], traits, forgotten }
  }

  /** Forgets what was not heard of since it did so before; all of it, where much was. */
  #forget(): number[] {
    const kept = this.#known.filter(({ told }) => told > this.#swept)
    const isMuch = kept.length > this.#most / 2
    const forgotten: number[] = []
    for (const speaker of this.#known) {
      if (!isMuch && speaker.told > this.#swept) continue
      forgotten.push(speaker.number)
      speaker.number = 0
    }
    this.#known = isMuch ? [] : kept
    this.#swept = this.#batch
    return forgotten
  }
}

/** Knows the speakers that {@link SpeakerNumbers} told of. */
export class HeardSpeakers {
  readonly #known = new Map<number, Speaker>()

  hear({ numbers, texts, distinct, traits, forgotten }: ToldSpeakers): void {
    for (const number of forgotten) this.#known.delete(number)
    for (const [index, number] of numbers.entries()) {
      const first = index * TEXTS
      const textAt = (at: number): string => distinct[texts[first + at] as number] as string
      this.#known.set(number, speakerFrom(textAt, traits[index] as Pairs))
    }
  }

  of(number: number): Speaker {
    return this.#known.get(number) as Speaker
  }
}

/** Texts of a speaker. */
const TEXTS = 20

function textsOf({ known: { id, key, strand }, parties }: Speaker): string[] {
  return [
    id,
    key.hash,
    key.rung,
    key.actor,
    strand.project,
    strand.rung,
    strand.actor,
    strand.user,
    strand.client,
    strand.scope,
    strand.raw,
    parties.mcp_session_id,
    parties.user_id,
    parties.user_name,
    parties.client_name,
    parties.client_version,
    parties.server_name,
    parties.server_version,
    parties.protocol_version,
    parties.transport,
  ]
}

/** By {@link textsOf}. */
function speakerFrom(text: (at: number) => string, traits: Pairs): Speaker {
  const known: StrandOfEvents = {
    id: text(0),
    key: { hash: text(1), rung: text(2), actor: text(3) },
    strand: {
      project: text(4),
      rung: text(5),
      actor: text(6),
      user: text(7),
      client: text(8),
      scope: text(9),
      raw: text(10),
    },
  }
  const parties: Parties = {
    mcp_session_id: text(11),
    user_id: text(12),
    user_name: text(13),
    user_traits: traits,
    client_name: text(14),
    client_version: text(15),
    server_name: text(16),
    server_version: text(17),
    protocol_version: text(18),
    transport: text(19),
  }
  return { known, parties, number: 0, told: 0 }
}

/** The number of a text among others, which it is added to. */
export function numberOf(text: string, among: Map<string, number>): number {
  let number = among.get(text)
  if (number === undefined) {
    number = among.size
    among.set(text, number)
  }
  return number
}
