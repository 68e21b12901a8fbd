import { createHash } from 'node:crypto'
import type { Traces } from '@mcpcat/collector'
import { RetryableError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from './engine.js'
import type { EventRow } from './event-row.js'
import { eventRow } from './event-row.js'
import { refreshSessions } from './sessionizer.js'
import type { BatchStrand } from './strand-rows.js'
import { batchStrands, strandRows } from './strand-rows.js'
import type { ToolDefinitions } from './tool-definitions.js'
import { toolDefinitions } from './tool-definitions.js'

export interface StoreWriter {
  /**
   * Resolves when the batch's events are on disk and its sessions are up to date. Batches that come
   * while one is being written are written together. Redelivery is harmless.
   *
   * @throws RetryableError when too much waits already.
   */
  write(traces: Traces): Promise<void>
  /** A write failed, perhaps after its events and before its sessions. */
  readonly unfinished: boolean
  /** Runs a task while nothing is written. */
  exclusively<T>(task: () => Promise<T>): Promise<T>
  /** Waits for what was given; later writes are refused. */
  close(): Promise<void>
}

interface Waiting {
  readonly events: EventRow[]
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

export function storeWriter(engine: Engine, rules: SessionRules): StoreWriter {
  let definitions = toolDefinitions()
  let waiting: Waiting[] = []
  let waitingEvents = 0
  let running: Promise<void> | undefined
  let closed = false
  let unfinished = false

  let last: Promise<unknown> = Promise.resolve()
  function exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = last.then(task)
    // The next one's turn comes however this one ends; who asked for it hears how.
    last = result.catch(() => undefined)
    return result
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      waitingEvents = 0
      try {
        const events = group.flatMap((each) => each.events)
        await exclusively(() => writeEvents(engine, rules, definitions, events))
        for (const { resolve } of group) resolve()
      } catch (error) {
        unfinished = true
        // What it said may not have been written: it is said again.
        definitions = toolDefinitions()
        for (const { reject } of group) reject(error)
      }
    }
    running = undefined
  }

  return {
    async write(traces) {
      if (closed) throw new Error('the store is closed')
      const events = eventsOf(traces, rules)
      if (events.length === 0) return
      if (waitingEvents + events.length > MOST_WAITING && waitingEvents > 0) {
        throw new RetryableError('the store is behind: too many events wait to be written', { retryAfterMs: 1000 })
      }
      waitingEvents += events.length
      await new Promise<void>((resolve, reject) => {
        waiting.push({ events, resolve, reject })
        running ??= drain()
      })
    },
    exclusively,
    get unfinished() {
      return unfinished
    },
    async close() {
      closed = true
      await running
      await last
    },
  }
}

function eventsOf(traces: Traces, rules: SessionRules): EventRow[] {
  const events: EventRow[] = []
  for (const { resource, scopeSpans } of traces.resourceSpans) {
    for (const { spans } of scopeSpans) {
      for (const span of spans) {
        const event = eventRow(span, resource, rules)
        if (event) events.push(event)
      }
    }
  }
  return events
}

async function writeEvents(
  engine: Engine,
  rules: SessionRules,
  definitions: ToolDefinitions,
  events: readonly EventRow[],
): Promise<void> {
  const listed = definitions.rows(events)
  if (listed !== '') await engine.insert('tool_definitions', listed)
  await engine.insert('events', events.map(({ json }) => json).join('\n'), batchToken(events))
  const strands = batchStrands(events)
  const rows = strandRows(strands)
  if (rows !== '') await engine.insert('strands', rows)
  for (const [project, batch] of byProject(strands)) {
    for (let start = 0; start < batch.length; start += STRANDS_AT_ONCE) {
      await refreshSessions(engine, project, batch.slice(start, start + STRANDS_AT_ONCE), rules)
    }
  }
}

/** Events that wait for their turn; more are refused for now. */
const MOST_WAITING = 100_000

/** What is asked about them goes into the URL of a request, and servers take a megabyte there. */
const STRANDS_AT_ONCE = 1000

/** The same events give the same token in whatever order they came. */
function batchToken(events: readonly EventRow[]): string {
  const ids = events.map(({ strand, eventId }) => `${strand.project} ${eventId}`).toSorted()
  return createHash('sha256').update(ids.join('\n')).digest('hex')
}

function byProject(strands: readonly BatchStrand[]): Map<string, BatchStrand[]> {
  const projects = new Map<string, BatchStrand[]>()
  for (const strand of strands) {
    const known = projects.get(strand.strand.project)
    if (known) known.push(strand)
    else projects.set(strand.strand.project, [strand])
  }
  return projects
}
