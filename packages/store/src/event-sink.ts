import type { Engine } from './engine.js'
import { eventBlock } from './event-block.js'
import type { EventColumns } from './event-row.js'
import { eventJson } from './event-row.js'

/** Collects rows of `events` in the form that an engine takes them in. */
export interface EventSink {
  push(row: EventColumns): void
  /** Resolves when what was pushed is on disk. */
  insert(): Promise<void>
  /** Starts anew. */
  clear(): void
}

export function eventSink(engine: Engine): EventSink {
  return engine.insertBlock ? blockSink(engine.insertBlock) : jsonSink(engine)
}

function blockSink(insertBlock: NonNullable<Engine['insertBlock']>): EventSink {
  let rows = eventBlock()
  return {
    push: (row) => rows.push(row),
    insert: () => insertBlock('events', rows.block(Date.now())),
    clear() {
      // The buffers are used again, unless the rows were uncommonly large.
      if (rows.bytes > MOST_KEPT_BYTES) rows = eventBlock()
      else rows.clear()
    },
  }
}

const MOST_KEPT_BYTES = 64 * 1024 * 1024

function jsonSink(engine: Engine): EventSink {
  let lines: string[] = []
  return {
    push: (row) => void lines.push(eventJson(row)),
    insert: () => engine.insert('events', lines.join('\n')),
    clear: () => void (lines = []),
  }
}
