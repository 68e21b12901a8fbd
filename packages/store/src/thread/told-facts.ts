import type { BatchFacts, EventFacts, Facts, StrandFacts } from '../event-facts.js'
import { EventIds } from '../event-ids.js'
import type { ReadColumns } from '../fact-columns.js'
import { factsFrom, FactsInTurn } from '../fact-columns.js'
import type { ToldTexts } from '../packed-texts.js'
import { PackedTexts } from '../packed-texts.js'
import type { Parties } from '../spoken-of.js'
import type { ToldSpeakers } from './told-speakers.js'
import { SameTexts } from './same-texts.js'
import { TextNumbers } from './text-numbers.js'
import { HeardSpeakers, SpeakerNumbers } from './told-speakers.js'

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
      firsts: firstsOf(facts),
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
  readonly #tools = new SameTexts()

  hear(told: ToldFacts): Facts {
    this.#speakers.hear(told.newSpeakers)
    const toolNames = told.toolNames.map((name) => this.#tools.of(name))
    const columns = new HeardColumns(told, toolNames, this.#speakers)
    const ids = new EventIds(told.ids)
    const intents = new PackedTexts(told.intents)
    const strands: StrandFacts[] = []
    for (let index = 0; index < told.firsts.length; index += 1) {
      const first = told.firsts[index] as number
      strands.push({ known: this.#speakers.strand(told.speakers[first] as number), first })
    }
    const inTurn = new FactsInTurn(columns, ids, intents)
    return {
      count: told.next.length,
      intents,
      strands: () => strands,
      eventsOf: ({ first }): EventFacts[] => factsFrom(columns, ids, intents, first),
      inTurn: ({ first }) => inTurn.from(first),
    }
  }
}

class HeardColumns implements ReadColumns {
  readonly next: Int32Array
  readonly times: BigInt64Array
  readonly words: Uint32Array
  readonly flags: Uint8Array
  readonly #tools: Uint32Array
  readonly #toolNames: readonly string[]
  readonly #parties: Parties[] = []

  constructor(
    { next, times, flags, tools, speakers: numbers }: ToldFacts,
    toolNames: readonly string[],
    speakers: HeardSpeakers,
  ) {
    this.next = next
    this.times = times
    this.words = new Uint32Array(times.buffer)
    this.flags = flags
    this.#tools = tools
    this.#toolNames = toolNames
    // At once: until they are looked at, other speakers may get these numbers.
    for (let at = 0; at < numbers.length; at += 1) this.#parties.push(speakers.parties(numbers[at] as number))
  }

  tool(at: number): string {
    return this.#toolNames[this.#tools[at] as number] as string
  }

  parties(at: number): Parties {
    return this.#parties[at] as Parties
  }
}

function firstsOf(facts: BatchFacts): Uint32Array<ArrayBuffer> {
  const strands = facts.strands()
  const firsts = new Uint32Array(strands.length)
  for (let index = 0; index < firsts.length; index += 1) firsts[index] = (strands[index] as StrandFacts).first
  return firsts
}

/** @returns each text once; `into` says which of them each is. */
function numbered(texts: readonly string[], into: Uint32Array): readonly string[] {
  const numbers = new TextNumbers()
  for (let at = 0; at < into.length; at += 1) into[at] = numbers.of(texts[at] as string)
  return numbers.texts
}
