import type { SessionEvent } from '../../api/answers.js'

/** One of several tries of the same call. */
export interface Attempt {
  /** From 1. */
  number: number
  place: 'first' | 'middle' | 'last'
}

/** The tries of each call that was made again because it failed: the same target, with nothing in between. */
export function retryAttempts(events: readonly SessionEvent[]): Map<string, Attempt> {
  const attempts = new Map<string, Attempt>()
  let chain: SessionEvent[] = []
  const close = (): void => {
    if (chain.length > 1)
      chain.forEach(({ id }, index) => {
        const place = index === 0 ? 'first' : index === chain.length - 1 ? 'last' : 'middle'
        attempts.set(id, { number: index + 1, place })
      })
    chain = []
  }
  for (const event of events) {
    const before = chain.at(-1)
    const again = before?.isError && before.method === event.method && before.target === event.target
    if (!again) close()
    chain.push(event)
  }
  close()
  return attempts
}
