import type { Engine } from './engine.js'
import { eventBlock } from './event-block.js'
import type { EventReader } from './event-reader.js'

/** Collects rows of `events` for an engine. */
export interface EventSink {
  /** Of the requests and responses of what was pushed. */
  readonly contentBytes: number
  /** The event that was read last. */
  push(event: EventReader): void
  /** Resolves when what was pushed is on disk. */
  insert(): Promise<void>
  /** Starts anew. */
  clear(): void
}

export function eventSink(engine: Engine): EventSink {
  let rows = eventBlock()
  return {
    get contentBytes() {
      return rows.contents
    },
    push: (event) => rows.push(event),
    // Where others write too, one clock says what came before what.
    insert: () => engine.insertBlock('events', rows.block(engine.exclusive ? Date.now() : undefined)),
    clear() {
      // The buffers are used again, unless the rows were uncommonly large.
      if (rows.bytes > MOST_KEPT_BYTES) rows = eventBlock()
      else rows.clear()
    },
  }
}

const MOST_KEPT_BYTES = 64 * 1024 * 1024
