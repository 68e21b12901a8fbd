import type { ComponentContext } from '@mcpcat/collector'
import { standingProblem } from '@mcpcat/collector'
import type { Placement, SessionRules, SessionTracker, TrackedEvent, TrackerLimits } from '@mcpcat/sessions'
import { sessionTracker } from '@mcpcat/sessions'
import { openMemoryFile } from './memory-file.js'

export interface PersistentTracker<Placed = Placement> {
  /** As {@link SessionTracker.place}; what the answer follows from survives the process. */
  place(events: readonly TrackedEvent[]): Promise<Placed[]>
  close(): Promise<void>
}

/** A tracker of this process alone. */
export function memoryTracker<Placed>(tracker: SessionTracker<Placed>): PersistentTracker<Placed> {
  return { place: (events) => Promise.resolve(tracker.place(events)), close: () => Promise.resolve() }
}

/**
 * A tracker that goes on where the one before it stopped, however that ended. A disk that takes
 * nothing costs the next start its memory, and the events nothing.
 *
 * @param made what a placement is given as.
 */
export async function persistentTracker<Placed>(
  folder: string,
  rules: SessionRules,
  limits: TrackerLimits,
  context: ComponentContext,
  made: (placement: Placement) => Placed,
): Promise<PersistentTracker<Placed>> {
  const file = await openMemoryFile(folder, rules)
  const tracker = sessionTracker(rules, limits, Date.now, file.strands, made)
  if (file.events.length > 0) tracker.place(file.events)
  const problem = standingProblem(
    { logger: context.logger, reportProblem: (text) => context.reportProblem(text, 'degraded') },
    () => true,
  )
  const save = async (task: () => Promise<void>): Promise<void> => {
    try {
      await problem.around(task)
    } catch {
      // Said by then: the events go on without.
      context.logger.debug('what is known of sessions was not saved')
    }
  }
  await save(() => file.snapshot(tracker.state()))

  let last: Promise<void> = Promise.resolve()
  const inTurn = (task: () => Promise<void>): Promise<void> => (last = last.then(() => save(task)))
  return {
    async place(events) {
      const placements = tracker.place(events)
      if (events.length === 0) return placements
      await inTurn(async () => {
        await file.append(events)
        if (file.wantsSnapshot) await file.snapshot(tracker.state())
      })
      return placements
    },
    async close() {
      await inTurn(() => file.snapshot(tracker.state()))
      await file.close()
    },
  }
}
