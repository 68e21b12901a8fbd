// The entry of the thread that keeps sessions: see upkeep-in-thread.ts.
import type { MessagePort } from 'node:worker_threads'
import { parentPort, workerData } from 'node:worker_threads'
import type { SessionRules } from '@mcpcat/sessions'
import { upkeepInMemory } from '../recent/upkeep-in-memory.js'
import { calls } from './calls.js'
import { engineBehind } from './engine-calls.js'
import { absolute, ofThisThread } from './clocks.js'
import type { ThreadState } from './thread-state.js'
import type { ToldFacts } from './told-facts.js'
import { FactsHearer } from './told-facts.js'

const { rules } = workerData as { rules: SessionRules }
const hearer = new FactsHearer()

const asked = calls(parentPort as MessagePort, {
  async ready() {
    await upkeep.ready()
    return state()
  },
  async inserted(told: ToldFacts, since: number) {
    try {
      await upkeep.inserted(hearer.hear(told), ofThisThread(since))
    } catch (error) {
      // Nobody could make it good: it ends the thread, before anything else is answered.
      queueMicrotask(() => {
        throw error
      })
      await new Promise<never>(() => undefined)
    }
    return state()
  },
  async settled() {
    await upkeep.settled()
    return state()
  },
  reset: () => upkeep.reset(),
})

const upkeep = upkeepInMemory(engineBehind(asked), rules)

function state(): ThreadState {
  const { behindSince, failed, unfinished } = upkeep
  return { behindSince: behindSince === undefined ? undefined : absolute(behindSince), failed, unfinished }
}
