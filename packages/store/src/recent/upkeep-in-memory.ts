import { RetryableError } from '@mcpcat/collector/errors'
import type { SessionRules } from '@mcpcat/sessions'
import type { EngineForSessions } from '../engine.js'
import { insertSessions, insertStrands, withSessionRows } from '../session-inserts.js'
import { sql } from '../sql-files.js'
import type { SessionUpkeep } from '../upkeep.js'
import { refreshInEngine } from '../upkeep.js'
import type { Left } from './left-to-engine.js'
import type { RecentSessions } from './recent-sessions.js'
import { recentSessions } from './recent-sessions.js'
import type { SeenKeys } from './seen-keys.js'
import { MOST_STRETCHES, seenKeys, stretchOf } from './seen-keys.js'

/** Bounds of what is kept in memory, and of how far sessions may be behind. */
export interface UpkeepLimits {
  readonly mostEvents: number
  /** Sessions are written this often, in milliseconds, and at once when somebody asks for them. */
  readonly intervalMs: number
}

const DEFAULTS: UpkeepLimits = { mostEvents: 200_000, intervalMs: 2000 }

/**
 * No insert begins while sessions lack an event whose own insert began longer ago: what a crash leaves
 * to be done at the next start lies within this time of the last insert.
 */
export const MOST_BEHIND_MS = 8000

/** {@link upkeepInMemory}, and how things are with it. */
export interface UpkeepInMemory extends SessionUpkeep {
  /** When the insert of the first event began that sessions may lack. */
  readonly behindSince: number | undefined
  /** Sessions could not be written, and were not since. */
  readonly failed: boolean
}

/**
 * Keeps sessions up to date behind the acknowledgement, from memory where it can: many inserts, one
 * row for each session they touch. For a store that nobody else writes into.
 */
export function upkeepInMemory(
  engine: EngineForSessions,
  rules: SessionRules,
  limits: UpkeepLimits = DEFAULTS,
): UpkeepInMemory {
  let recent: RecentSessions | undefined
  /** When the insert of the first event began that sessions may lack. */
  let behindSince: number | undefined
  let pass: Promise<void> | undefined
  let failed = false
  let timer: NodeJS.Timeout | undefined
  /** Events since the last pass began. */
  let unwritten = 0

  async function opened(): Promise<RecentSessions> {
    recent ??= recentSessions(rules, await loadSeen(engine, rules), limits.mostEvents)
    return recent
  }

  /**
   * One pass at a time; the next one covers what came meanwhile.
   *
   * @param isWaitedFor no session is left for the next one, however busy.
   */
  async function refresh(isWaitedFor: boolean): Promise<void> {
    const before = pass
    const next = (async () => {
      // Its outcome is the concern of who asked for it; what it left undone is done now.
      await before?.catch(() => undefined)
      clearTimeout(timer)
      timer = undefined
      const since = behindSince
      behindSince = undefined
      unwritten = 0
      try {
        if (recent) await bringUpToDate(recent, isWaitedFor || isFull(recent) ? Infinity : performance.now())
        failed = false
        behindSince = recent?.hasLeft ? since : (recent?.waitsSince ?? behindSince)
      } catch (error) {
        failed = true
        behindSince = since
        throw error
      }
    })()
    pass = next
    try {
      await next
    } finally {
      if (pass === next) pass = undefined
      // What came meanwhile, or failed.
      if (behindSince !== undefined) timer ??= setTimeout(inBackground, limits.intervalMs).unref()
    }
  }

  function isFull({ events }: RecentSessions): boolean {
    return events > limits.mostEvents
  }

  /** @param now sessions that are not due then wait, unless the engine has something to look at. */
  async function bringUpToDate(sessions: RecentSessions, now: number): Promise<void> {
    // Letting go of what the engine has looked at, or of what memory cannot tell, leaves it more to look at.
    for (let round = 0; round < MOST_ROUNDS; round++) {
      // At one moment: the engine must know the strands of whatever it looks at.
      const left = sessions.takeLeft()
      const then = left.size > 0 ? Infinity : now
      await writeStrands(sessions, left, then)
      // Before the engine is asked, which may take long: what memory holds of them might have to be let go meanwhile.
      await writeChanges(sessions, left, then)
      await lookAt(sessions, left)
      if (!sessions.hasLeft) return
    }
  }

  async function writeStrands(sessions: RecentSessions, left: Map<string, Left>, now: number): Promise<void> {
    const strands = sessions.takeStrands(now)
    try {
      await insertStrands(engine, strands)
    } catch (error) {
      sessions.notTaken(strands)
      leaveAgain(sessions, left)
      throw error
    }
  }

  async function writeChanges(sessions: RecentSessions, left: Map<string, Left>, now: number): Promise<void> {
    await withSessionRows(async (rows) => {
      const changes = sessions.takeChanges(rows, now)
      try {
        await insertSessions(engine, rows)
      } catch (error) {
        sessions.notWritten(changes)
        leaveAgain(sessions, left)
        throw error
      }
      sessions.written(rows.written)
    })
  }

  async function lookAt(sessions: RecentSessions, left: Map<string, Left>): Promise<void> {
    for (const [project, ofProject] of left) {
      try {
        const touched = await refreshInEngine(engine, rules, project, ofProject.strands, ofProject.ranges)
        left.delete(project)
        for (const keys of touched) sessions.letGo(project, keys.values())
      } catch (error) {
        leaveAgain(sessions, left)
        throw error
      }
    }
  }

  function inBackground(): void {
    // It is tried again with the next insert, and `settled` says why it failed.
    refresh(false).catch(() => undefined)
  }

  return {
    async ready() {
      await opened()
      if (failed || (behindSince !== undefined && performance.now() - behindSince > MOST_BEHIND_MS)) {
        try {
          await (pass ?? refresh(true))
          if (behindSince !== undefined && performance.now() - behindSince > MOST_BEHIND_MS) await refresh(true)
        } catch (cause) {
          // Such as a full disk, which says it better.
          if (cause instanceof RetryableError) throw cause
          throw new RetryableError('the sessions of earlier events could not be written', { cause })
        }
      }
    },
    async inserted(facts, since) {
      const sessions = await opened()
      sessions.add(facts, since)
      behindSince ??= since
      unwritten += facts.count
      if (pass) return
      if (unwritten * MOST_OF_HELD < limits.mostEvents) timer ??= setTimeout(inBackground, limits.intervalMs).unref()
      else inBackground()
    },
    mayLag: true,
    async settled() {
      // One that runs may leave some.
      if (behindSince === undefined) await pass
      if (behindSince !== undefined) await refresh(true)
    },
    reset() {
      recent = undefined
    },
    get unfinished() {
      return behindSince !== undefined || pass !== undefined
    },
    get behindSince() {
      return behindSince
    },
    get failed() {
      return failed
    },
    close: () => Promise.resolve(),
  }
}

const MOST_ROUNDS = 5
/** With a quarter of what can be held, a pass does not wait for its time: what is written can be let go. */
const MOST_OF_HELD = 4

function leaveAgain(sessions: RecentSessions, left: Map<string, Left>): void {
  for (const [project, ofProject] of left) sessions.leaveAgain(project, ofProject)
}

async function loadSeen(engine: EngineForSessions, rules: SessionRules): Promise<SeenKeys> {
  const stretch = stretchOf(rules)
  const [count] = await engine.query<{ rows: string }>(sql('count-seen'), { stretch, most_stretches: MOST_STRETCHES })
  // With pauses this short, or this much to know, all is asked of the engine.
  if (stretch < SHORTEST_STRETCH || Number(count?.rows ?? 0) > MOST_TO_KNOW) return seenKeys(rules, true)
  const seen = seenKeys(rules)
  for (const { hash } of await engine.query<{ hash: number }>(sql('seen-scopes'))) seen.addHash(hash)
  for (const { hash } of await engine.query<{ hash: number }>(sql('seen-keys'), {
    stretch,
    most_stretches: MOST_STRETCHES,
  }))
    seen.addHash(hash)
  return seen
}

const SHORTEST_STRETCH = 60_000_000_000n
const MOST_TO_KNOW = 10_000_000
