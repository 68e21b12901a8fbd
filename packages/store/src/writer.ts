import type { Traces } from '@mcpcat/collector'
import { RetryableError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from './engine.js'
import { EventReader } from './event-reader.js'
import type { EventBlock } from './event-block.js'
import { eventSink } from './event-sink.js'
import { BatchFacts } from './event-facts.js'
import { gathering } from './gathering.js'
import { SpokenOf } from './spoken-of.js'
import { upkeepInThread } from './thread/upkeep-in-thread.js'
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
  readonly facts: BatchFacts
  /** Answers that say which tools there are. */
  listings: CapturedListing[]
  waiting: { resolve: () => void; reject: (reason: unknown) => void }[]
}

/** A group that is in the table `events`. */
interface Inserted {
  readonly group: Group
  /** When its insert began, in milliseconds by a clock that only goes forward. */
  readonly since: number
}

/** Far less than sessions may be behind. */
const MOST_UNTOLD_MS = 1000
/** Events that wait for their turn; more are refused for now. */
const MOST_WAITING = 60_000
/** Events that are enough for an insert: more of them make it hardly cheaper for each. */
const ENOUGH = 16_000
/** What waits, in bytes of content: large bodies count for what they are. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024

export function storeWriter(
  engine: Engine,
  rules: SessionRules,
  upkeep: SessionUpkeep<BatchFacts> = engine.exclusive ? upkeepInThread(engine, rules) : upkeepInEngine(engine, rules),
): StoreWriter {
  const reader = new EventReader(rules)
  const spokenOf = new SpokenOf()
  const sink = eventSink(engine, spokenOf)
  let definitions = toolDefinitions()
  const spare: Group[] = []
  let open = group()
  let running: Promise<void> | undefined
  const more = gathering(hasEnough)
  let closed = false
  let failed = false

  function group(): Group {
    return spare.pop() ?? { facts: new BatchFacts(spokenOf), listings: [], waiting: [] }
  }

  let last: Promise<unknown> = Promise.resolve()
  let queued = 0
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    queued += 1
    const result = last.then(() => {
      queued -= 1
      return task()
    })
    // The next one's turn comes however this one ends; who asked for it hears how.
    last = result.catch(() => undefined)
    return result
  }

  function hasEnough(): boolean {
    return open.facts.count >= ENOUGH || sink.contentBytes >= MOST_WAITING_BYTES / 2
  }

  async function drain(): Promise<void> {
    while (open.waiting.length > 0) {
      await more.wait()
      await inTurn(async () => {
        let before = await insertOpen()
        while (before && mayFollow(before)) before = await insertOpen(before)
        if (before) await finish(before)
      })
    }
    running = undefined
  }

  /** Whether the next insert may begin before sessions have heard of this one: there is enough for it, nobody else waits, and it is not long ago. */
  function mayFollow({ since }: Inserted): boolean {
    if (!hasEnough() || queued > 0) return false
    return upkeep.mayLag && performance.now() - since < MOST_UNTOLD_MS
  }

  /**
   * Inserts what has come, also while it waited for its turn.
   *
   * @param before an earlier group, which is finished while the engine is busy.
   * @returns undefined when it failed; who gave it has heard of it.
   */
  async function insertOpen(before?: Inserted): Promise<Inserted | undefined> {
    let unfinished = before
    let written: Group | undefined
    let rows: EventBlock | undefined
    try {
      await upkeep.ready()
      written = open
      open = group()
      rows = sink.take()
      const listed = definitions.rows(written.listings)
      if (listed !== '') await engine.insert('tool_definitions', listed)
      const since = performance.now()
      const inserted = sink.insert(rows)
      rows = undefined
      if (unfinished) {
        // Awaited below, however the other one ends.
        inserted.catch(() => undefined)
        const earlier = unfinished
        unfinished = undefined
        await finish(earlier)
      }
      await inserted
      more.inserted(performance.now() - since)
      return { group: written, since }
    } catch (error) {
      if (unfinished) await finish(unfinished)
      if (written) failed = true
      else {
        written = open
        open = group()
        rows = sink.take()
      }
      if (rows) sink.drop(rows)
      refuse(written, error)
      return undefined
    }
  }

  /** Tells the sessions of a group, and those who gave it that it is safe. Does not throw. */
  async function finish({ group: written, since }: Inserted): Promise<void> {
    try {
      await upkeep.inserted(written.facts, since)
    } catch (error) {
      failed = true
      refuse(written, error)
      return
    }
    for (const { resolve } of written.waiting) resolve()
    put(written)
  }

  function refuse(written: Group, error: unknown): void {
    // What it said may not have been written: it is said again.
    definitions = toolDefinitions()
    for (const waiting of written.waiting) waiting.reject(error)
    put(written)
  }

  /** Away, to be used again. */
  function put(done: Group): void {
    done.facts.clear()
    done.listings = []
    done.waiting = []
    spare.push(done)
  }

  /** Whether anything of it is an event. */
  function take(traces: Traces): boolean {
    const before = open.facts.count
    for (const { resource, scopeSpans } of traces.resourceSpans) {
      for (const { spans } of scopeSpans) {
        for (const span of spans) {
          if (!reader.read(span, resource)) continue
          const spoken = spokenOf.by(reader)
          sink.push(reader, spoken)
          open.facts.push(reader, spoken)
          const listing = listingOf(reader)
          if (listing) open.listings.push(listing)
        }
      }
    }
    return open.facts.count > before
  }

  return {
    async write(traces) {
      if (closed) throw new Error('the store is closed')
      if (open.facts.count >= MOST_WAITING || sink.contentBytes >= MOST_WAITING_BYTES) {
        throw new RetryableError('the store is behind: too many events wait to be written', { retryAfterMs: 1000 })
      }
      if (!take(traces)) return
      await new Promise<void>((resolve, reject) => {
        open.waiting.push({ resolve, reject })
        running ??= drain()
        more.arrived()
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
      more.stop()
      await running
      await last
      // What cannot be finished now, the next start finishes.
      await upkeep.settled().catch(() => undefined)
      await upkeep.close()
    },
  }
}
