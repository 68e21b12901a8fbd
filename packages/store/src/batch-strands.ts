import type { Strand } from '@mcpcat/sessions'
import type { Facts } from './event-facts.js'

/** The events of a batch that share a strand, as one. */
export interface BatchStrand {
  readonly strand: Strand
  readonly ownKey: string
  /** The earliest by `(start, event id)`. */
  firstStart: bigint
  firstEventId: string
  lastEnd: bigint
}

/** Strands as they are heard of, each once. */
export interface NotedStrands {
  /** Adds an event of the strand with this id, or several. */
  note(id: string, of: BatchStrand): void
  /** What is noted of the strand with this id. */
  get(id: string): BatchStrand | undefined
  /** All of it, once. */
  take(): BatchStrand[]
}

export function notedStrands(): NotedStrands {
  let noted = new Map<string, BatchStrand>()
  return {
    note(id, { strand, ownKey, firstStart, firstEventId, lastEnd }) {
      const before = noted.get(id)
      if (!before) {
        noted.set(id, { strand, ownKey, firstStart, firstEventId, lastEnd })
        return
      }
      if (lastEnd > before.lastEnd) before.lastEnd = lastEnd
      if (firstStart < before.firstStart || (firstStart === before.firstStart && firstEventId < before.firstEventId)) {
        before.firstStart = firstStart
        before.firstEventId = firstEventId
      }
    },
    get: (id) => noted.get(id),
    take() {
      const taken = [...noted.values()]
      noted = new Map()
      return taken
    },
  }
}

export function batchStrands(facts: Facts): BatchStrand[] {
  const noted = notedStrands()
  for (const of of facts.strands()) {
    const { id, key, strand } = of.known
    for (const { eventId, start, end } of facts.eventsOf(of)) {
      noted.note(id, { strand, ownKey: key.hash, firstStart: start, firstEventId: eventId, lastEnd: end })
    }
  }
  return noted.take()
}
