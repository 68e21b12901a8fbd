import type { Traces } from '@mcpcat/collector'
import { RetryableError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from './engine.js'
import { EventReader } from './event-reader.js'
import type { EventSink } from './event-sink.js'
import { eventSink } from './event-sink.js'
import type { EventFacts } from './event-facts.js'
import { upkeepInMemory } from './recent/upkeep-in-memory.js'
import type { CapturedListing } from './tool-definitions.js'
import { listingOf, toolDefinitions } from './tool-definitions.js'
import type { SessionUpkeep } from './upkeep.js'
import { upkeepInEngine } from './upkeep.js'

export interface StoreWriter {
  /**
   * Resolves when the batch's events are on disk. Their sessions follow: at once where nobody else
   * writes into the store, and before this resolves where others do. Batches that come while one is
   * being written are written together. Redelivery is harmless.
   *
   * @throws RetryableError when too much waits already.
   */
  write(traces: Traces): Promise<void>
  /**
   * Resolves when the sessions are up to date with every batch whose {@link write} has resolved.
   * Rejects when they could not be written; that is tried again with the next batch.
   */
  settled(): Promise<void>
  /** A write failed, perhaps after its events and before its sessions. */
  readonly unfinished: boolean
  /** Runs a task that changes nothing while nothing is written, and the sessions are up to date. */
  atRest<T>(task: () => Promise<T>): Promise<T>
  /** As {@link atRest}, for a task that changes what the store has. */
  exclusively<T>(task: () => Promise<T>): Promise<T>
  /** Waits for what was given; later writes are refused. */
  close(): Promise<void>
}

/** Batches that are written together. */
interface Group {
  readonly sink: EventSink
  events: EventFacts[]
  /** Answers that say which tools there are. */
  listings: CapturedListing[]
  waiting: { resolve: () => void; reject: (reason: unknown) => void }[]
}

/** Events that wait for their turn; more are refused for now. */
const MOST_WAITING = 60_000
/** What waits, in bytes of content: large bodies count for what they are. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024

export function storeWriter(
  engine: Engine,
  rules: SessionRules,
  upkeep: SessionUpkeep = engine.exclusive ? upkeepInMemory(engine, rules) : upkeepInEngine(engine, rules),
): StoreWriter {
  const reader = new EventReader(rules)
  let definitions = toolDefinitions()
  const spare: Group[] = []
  let open = group()
  let running: Promise<void> | undefined
  let closed = false
  let failed = false

  function group(): Group {
    return spare.pop() ?? { sink: eventSink(engine), events: [], listings: [], waiting: [] }
  }

  let last: Promise<unknown> = Promise.resolve()
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = last.then(task)
    // The next one's turn comes however this one ends; who asked for it hears how.
    last = result.catch(() => undefined)
    return result
  }

  async function drain(): Promise<void> {
    while (open.waiting.length > 0) {
      // What comes while sessions catch up still goes with this group.
      let written: Group | undefined
      try {
        await inTurn(async () => {
          await upkeep.ready()
          written = open
          open = group()
          const listed = definitions.rows(written.listings)
          if (listed !== '') await engine.insert('tool_definitions', listed)
          const since = performance.now()
          await written.sink.insert()
          await upkeep.inserted(written.events, since)
        })
        for (const { resolve } of written?.waiting ?? []) resolve()
      } catch (error) {
        if (!written) {
          written = open
          open = group()
        } else failed = true
        // What it said may not have been written: it is said again.
        definitions = toolDefinitions()
        for (const { reject } of written.waiting) reject(error)
      }
      if (written) put(written)
    }
    running = undefined
  }

  /** Away, to be used again. */
  function put(done: Group): void {
    done.sink.clear()
    done.events = []
    done.listings = []
    done.waiting = []
    spare.push(done)
  }

  /** Whether anything of it is an event. */
  function take(traces: Traces): boolean {
    const before = open.events.length
    for (const { resource, scopeSpans } of traces.resourceSpans) {
      for (const { spans } of scopeSpans) {
        for (const span of spans) {
          if (!reader.read(span, resource)) continue
          open.sink.push(reader)
          open.events.push(reader.facts())
          const listing = listingOf(reader)
          if (listing) open.listings.push(listing)
        }
      }
    }
    return open.events.length > before
  }

  return {
    async write(traces) {
      if (closed) throw new Error('the store is closed')
      if (open.events.length >= MOST_WAITING || open.sink.contentBytes >= MOST_WAITING_BYTES) {
        throw new RetryableError('the store is behind: too many events wait to be written', { retryAfterMs: 1000 })
      }
      if (!take(traces)) return
      await new Promise<void>((resolve, reject) => {
        open.waiting.push({ resolve, reject })
        running ??= drain()
      })
    },
    settled: () => upkeep.settled(),
    get unfinished() {
      return failed || upkeep.unfinished
    },
    atRest: (task) =>
      inTurn(async () => {
        await upkeep.settled()
        return await task()
      }),
    exclusively: (task) =>
      inTurn(async () => {
        await upkeep.settled()
        try {
          return await task()
        } finally {
          upkeep.reset()
        }
      }),
    async close() {
      closed = true
      await running
      await last
      // What cannot be finished now, the next start finishes.
      await upkeep.settled().catch(() => undefined)
    },
  }
}
