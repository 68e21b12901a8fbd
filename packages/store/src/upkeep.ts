import type { SessionRules } from '@mcpcat/sessions'
import type { EngineForSessions } from './engine.js'
import type { Facts } from './event-facts.js'
import { insertStrands } from './session-inserts.js'
import { refreshSessions } from './sessionizer.js'
import type { BatchStrand } from './batch-strands.js'
import { batchStrands } from './batch-strands.js'
import type { KeyRange, Touched } from './key-ranges.js'

/** Keeps strands and sessions up to date with the events. */
export interface SessionUpkeep<Of extends Facts = Facts> {
  /** Before events are inserted: resolves when it is not too far behind. @throws RetryableError when it cannot keep up. */
  ready(): Promise<void>
  /**
   * Such events are on disk. When this resolves, their sessions are up to date, or will be soon, and
   * nothing of the facts is held.
   *
   * @param since when their insert began, in milliseconds by a clock that only goes forward.
   */
  inserted(facts: Of, since: number): Promise<void>
  /** Inserts may go on before {@link inserted} has been told of the one before. */
  readonly mayLag: boolean
  /** Resolves when the sessions say what the events said that were inserted before; rejects when that failed. */
  settled(): Promise<void>
  /** The store was changed by others. */
  reset(): void
  /** Sessions lack events, and nobody works at it. */
  readonly unfinished: boolean
  /** What is not settled is left unfinished. */
  close(): Promise<void>
}

/** Recomputes in the engine before anything is acknowledged: where others write too, nobody else would finish it. */
export function upkeepInEngine(engine: EngineForSessions, rules: SessionRules): SessionUpkeep {
  return {
    ready: () => Promise.resolve(),
    async inserted(facts) {
      const strands = batchStrands(facts)
      await insertStrands(engine, strands)
      for (const [project, batch] of byProject(strands)) {
        await refreshInEngine(engine, rules, project, batch)
      }
    },
    mayLag: false,
    settled: () => Promise.resolve(),
    reset: () => undefined,
    unfinished: false,
    close: () => Promise.resolve(),
  }
}

/** @returns the keys that were looked at. */
export async function refreshInEngine(
  engine: EngineForSessions,
  rules: SessionRules,
  project: string,
  strands: readonly BatchStrand[],
  ranges: readonly KeyRange[] = [],
): Promise<Touched[]> {
  const touched: Touched[] = []
  const most = Math.max(strands.length, ranges.length)
  for (let start = 0; start < most; start += AT_ONCE) {
    const end = start + AT_ONCE
    touched.push(await refreshSessions(engine, project, strands.slice(start, end), rules, ranges.slice(start, end)))
  }
  return touched
}

/** What is asked about them goes into one request, and servers take a megabyte there. */
const AT_ONCE = 1000

function byProject(strands: readonly BatchStrand[]): Map<string, BatchStrand[]> {
  const projects = new Map<string, BatchStrand[]>()
  for (const strand of strands) {
    const known = projects.get(strand.strand.project)
    if (known) known.push(strand)
    else projects.set(strand.strand.project, [strand])
  }
  return projects
}
