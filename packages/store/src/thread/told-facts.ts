import type { BatchFacts, EventFacts, Facts, StrandFacts } from '../event-facts.js'
import { EventIds } from '../event-ids.js'
import type { FactColumns } from '../fact-columns.js'
import { factsFrom } from '../fact-columns.js'
import type { ToldTexts } from '../packed-texts.js'
import { PackedTexts } from '../packed-texts.js'
import type { Speaker } from '../spoken-of.js'
import type { ToldSpeakers } from './told-speakers.js'
import { HeardSpeakers, numberOf, SpeakerNumbers } from './told-speakers.js'

/** Facts on their way to another thread; lists and arrays have something of each event, by its number, unless they say otherwise. */
export interface ToldFacts {
  readonly next: Int32Array<ArrayBuffer>
  readonly times: BigInt64Array<ArrayBuffer>
  readonly flags: Uint8Array<ArrayBuffer>
  readonly ids: ToldTexts
  readonly intents: ToldTexts
  /** Which of {@link toolNames}. */
  readonly tools: Uint32Array<ArrayBuffer>
  /** By number, see {@link SpeakerNumbers}. */
  readonly speakers: Uint32Array<ArrayBuffer>
  /** Each once. */
  readonly toolNames: readonly string[]
  readonly newSpeakers: ToldSpeakers
  /** The first event of each strand. */
  readonly firsts: Uint32Array<ArrayBuffer>
}

/** Tells another thread of facts: of whom they are it is told once, as long as it hears of them. */
export class FactsTeller {
  readonly #numbers: SpeakerNumbers

  /** @param mostSpeakers that the other thread is to know, and those of one batch. */
  constructor(mostSpeakers?: number) {
    this.#numbers = new SpeakerNumbers(mostSpeakers)
  }

  tell(facts: BatchFacts): ToldFacts {
    const { columns, count } = facts
    const tools = new Uint32Array(count)
    const toolNames = numbered(columns.tools, tools)
    const speakers = new Uint32Array(count)
    const newSpeakers = this.#numbers.tell(columns.speakers, speakers)
    return {
      next: columns.next.slice(0, count),
      times: columns.times.slice(0, count * 2),
      flags: columns.flags.slice(0, count),
      ids: facts.ids.told(),
      intents: facts.intents.told(),
      tools,
      speakers,
      toolNames,
      newSpeakers,
      firsts: Uint32Array.from(facts.strands(), ({ first }) => first),
    }
  }
}

/** What of it may be handed over. */
export function buffersOf({ next, times, flags, ids, intents, tools, speakers, firsts }: ToldFacts): ArrayBuffer[] {
  const texts = [ids.bytes, ids.ends, intents.bytes, intents.ends]
  return [next, times, flags, ...texts, tools, speakers, firsts].map(({ buffer }) => buffer)
}

/** Hears what a {@link FactsTeller} tells, all of it and in order. */
export class FactsHearer {
  readonly #speakers = new HeardSpeakers()

  hear(told: ToldFacts): Facts {
    this.#speakers.hear(told.newSpeakers)
    const { next, times, flags, toolNames } = told
    const columns: FactColumns = {
      room: next.length,
      next,
      times,
      words: new Uint32Array(times.buffer),
      flags,
      tools: Array.from(told.tools, (tool) => toolNames[tool] as string),
      speakers: Array.from(told.speakers, (number) => this.#speakers.of(number)),
    }
    const ids = new EventIds(told.ids)
    const intents = new PackedTexts(told.intents)
    const strands = Array.from(told.firsts, (first): StrandFacts => {
      const { known } = columns.speakers[first] as Speaker
      return { known, first }
    })
    return {
      count: columns.room,
      intents,
      strands: () => strands,
      eventsOf: ({ first }): EventFacts[] => factsFrom(columns, ids, intents, first),
    }
  }
}

/** @returns each text once; `into` says which of them each is. */
function numbered(texts: readonly string[], into: Uint32Array): string[] {
  const numbers = new Map<string, number>()
  for (let at = 0; at < into.length; at += 1) into[at] = numberOf(texts[at] as string, numbers)
  return [...numbers.keys()]
}
