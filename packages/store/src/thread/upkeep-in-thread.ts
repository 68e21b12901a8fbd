import { Worker } from 'node:worker_threads'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import type { BatchFacts } from '../event-facts.js'
import { MOST_BEHIND_MS } from '../recent/upkeep-in-memory.js'
import type { SessionUpkeep } from '../upkeep.js'
import type { Calls } from './calls.js'
import { calls } from './calls.js'
import { absolute } from './clocks.js'
import { engineAnswers } from './engine-calls.js'
import type { ThreadState } from './thread-state.js'
import type { ToldFacts } from './told-facts.js'
import { buffersOf, FactsTeller } from './told-facts.js'

/** Built, also where this file is not. */
const ENTRY = new URL('../../dist/thread/sessions-thread.js', import.meta.url)

/** What V8 may take for new objects there, in MiB: little of what a batch needs outlives it. */
const YOUNG_GENERATION_MB = 24

/** Events that the thread has not taken in yet, of which no more are told it for now. */
const MOST_UNTOLD = 64_000

interface Thread {
  readonly asked: Calls
  readonly facts: FactsTeller
  end(): Promise<void>
}

/**
 * As {@link upkeepInMemory}, in a thread of its own: what sessions cost is not waited for by requests, and what is
 * held of them is not looked through whenever V8 looks for garbage among these. The thread begins with the first insert.
 */
export function upkeepInThread(engine: Engine, rules: SessionRules): SessionUpkeep<BatchFacts> {
  let thread: Thread | undefined
  /** As the thread said last. */
  let state: ThreadState = { behindSince: undefined, failed: false, unfinished: false }
  /** Events that it has not taken in yet. */
  let untold = 0
  /** When their inserts began, of those batch by batch. */
  const untoldSince: number[] = []
  let lastTold: Promise<void> = Promise.resolve()
  /** It knows what the store has. */
  let isOpen = false

  async function ask(name: string, parameters: readonly unknown[] = [], handed: ArrayBuffer[] = []): Promise<void> {
    thread ??= sessionsThread(engine, rules)
    state = await thread.asked.call<ThreadState>(name, parameters, handed)
  }

  async function tell(told: ToldFacts, count: number, since: number): Promise<void> {
    untold += count
    untoldSince.push(since)
    await ask('inserted', [told, since], buffersOf(told))
    untold -= count
    untoldSince.shift()
  }

  function isLate(): boolean {
    const behindSince = state.behindSince ?? untoldSince[0]
    return state.failed || (behindSince !== undefined && absolute(performance.now()) - behindSince > MOST_BEHIND_MS)
  }

  return {
    async ready() {
      if (isOpen && !isLate()) return
      await ask('ready')
      isOpen = true
    },
    async inserted(facts, since) {
      thread ??= sessionsThread(engine, rules)
      const before = lastTold
      lastTold = tell(thread.facts.tell(facts), facts.count, absolute(since))
      // It only fails with the thread, and then with the process.
      lastTold.catch(() => undefined)
      if (untold > MOST_UNTOLD) await before
    },
    mayLag: true,
    async settled() {
      if (thread) await ask('settled')
    },
    reset() {
      isOpen = false
      // It begins before whatever is asked from now on.
      thread?.asked.call('reset', []).catch(() => undefined)
    },
    get unfinished() {
      return untold > 0 || state.unfinished
    },
    async close() {
      await thread?.end()
    },
  }
}

/**
 * What fails there, other than writing, ends the process, as it would without a thread: the next start makes good what
 * sessions lack.
 */
function sessionsThread(engine: Engine, rules: SessionRules): Thread {
  const worker = new Worker(ENTRY, {
    name: 'mcpcat-sessions',
    workerData: { rules },
    // Options of the process's own script, such as --input-type, are not meant for it.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })
  const asked = calls(worker, engineAnswers(engine), () => {
    // Only what is waited for keeps the process.
    if (asked.open > 0) worker.ref()
    else worker.unref()
  })
  worker.unref()
  let isEnding = false
  worker.once('error', (error) => {
    if (!isEnding) throw error
  })
  worker.once('exit', () => asked.abandon(new Error('the thread of the sessions has ended')))
  return {
    asked,
    facts: new FactsTeller(),
    async end() {
      isEnding = true
      await worker.terminate()
    },
  }
}
