import type { Engine } from './engine.js'
import type { EventBlock } from './event-block.js'
import { eventBlock } from './event-block.js'
import type { EventReader } from './event-reader.js'
import type { Spoken, SpokenOf } from './spoken-of.js'

/** Collects rows of `events` for an engine. */
export interface EventSink {
  /** Of the requests and responses of what was pushed and is not taken yet. */
  readonly contentBytes: number
  /** Adds the event that was read last. */
  push(event: EventReader, spoken: Spoken): void
  /** What was pushed; it is to be inserted or dropped, once. What is pushed from now on is not among it. */
  take(): EventBlock
  /** Resolves when it is on disk. */
  insert(taken: EventBlock): Promise<void>
  drop(taken: EventBlock): void
}

/** @param spokenOf what is remembered of those whose events they are. */
export function eventSink(engine: Engine, spokenOf: SpokenOf): EventSink {
  const spare: EventBlock[] = []
  let rows = eventBlock(spokenOf)

  /** Its buffers are used again, unless the rows were uncommonly large. */
  function drop(block: EventBlock): void {
    if (block.bytes > MOST_KEPT_BYTES) return
    block.clear()
    spare.push(block)
  }

  return {
    get contentBytes() {
      return rows.contents
    },
    push: (event, spoken) => rows.push(event, spoken),
    take() {
      const taken = rows
      rows = spare.pop() ?? eventBlock(spokenOf)
      return taken
    },
    async insert(taken) {
      // Where others write too, one clock says what came before what.
      const block = taken.block(engine.exclusive ? Date.now() : undefined)
      // A search reads the intents of the few parts that are not merged yet; indexing them twice costs a fifth of an insert.
      const inserted = engine.insertBlock('events', block, { lateIndexes: ['intent_text'] })
      if (engine.readsBlocksAtOnce) drop(taken)
      try {
        await inserted
      } finally {
        if (!engine.readsBlocksAtOnce) drop(taken)
      }
    },
    drop,
  }
}

const MOST_KEPT_BYTES = 64 * 1024 * 1024
