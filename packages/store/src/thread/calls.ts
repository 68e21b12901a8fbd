import type { Transferable } from 'node:worker_threads'
import type { ToldError } from './told-errors.js'
import { errorOf, toldError } from './told-errors.js'

/** One end of a channel between two threads; either a `Worker` or a `MessagePort`. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  on(event: 'message', listener: (message: Message) => void): unknown
}

/** By name, what the other thread may ask for. What they return or throw is told it. */
export type Answers = Readonly<Record<string, (...parameters: never[]) => unknown>>

export interface Calls {
  /** Asks the other thread. @throws what it threw, with its message, its cause, and its class if that is one of ours. */
  readonly call: <Result>(
    name: string,
    parameters: readonly unknown[],
    handed?: readonly Transferable[],
  ) => Promise<Result>
  /** Rejects all that is asked and not answered. */
  readonly abandon: (reason: unknown) => void
  /** Calls that are asked and not answered. */
  readonly open: number
}

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly parameters: readonly never[] }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ToldError }

/**
 * Calls between two threads, in both directions. Those of one direction begin in the order in which they were made.
 *
 * @param changed is told whenever {@link Calls.open} changed.
 */
export function calls(port: Port, answers: Answers, changed: () => void = () => undefined): Calls {
  const open = new Map<number, PromiseWithResolvers<unknown>>()
  let last = 0

  async function answer(id: number, name: string, parameters: readonly never[]): Promise<void> {
    try {
      const asked = answers[name]
      if (!asked) throw new Error(`nobody answers ${name}`)
      const result = await asked(...parameters)
      port.postMessage({ kind: 'result', id, result })
    } catch (error) {
      port.postMessage({ kind: 'error', id, error: toldError(error) })
    }
  }

  port.on('message', (message) => {
    if (message.kind === 'call') {
      void answer(message.id, message.name, message.parameters)
      return
    }
    const waiting = open.get(message.id)
    open.delete(message.id)
    changed()
    if (message.kind === 'result') waiting?.resolve(message.result)
    else waiting?.reject(errorOf(message.error))
  })

  return {
    async call<Result>(name: string, parameters: readonly unknown[], handed: readonly Transferable[] = []) {
      const id = (last += 1)
      const waiting = Promise.withResolvers<unknown>()
      open.set(id, waiting)
      changed()
      port.postMessage({ kind: 'call', id, name, parameters }, handed)
      return (await waiting.promise) as Result
    },
    abandon(reason) {
      for (const waiting of open.values()) waiting.reject(reason)
      open.clear()
      changed()
    },
    get open() {
      return open.size
    },
  }
}
