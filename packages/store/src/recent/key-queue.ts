import type { RecentKey } from './recent-key.js'

/** Keys in the order in which they were put into it. */
export interface KeyQueue {
  add(key: RecentKey): void
  /** Takes the first that is not forgotten. */
  next(): RecentKey | undefined
}

/** @param size keys that are in it and not forgotten. */
export function keyQueue(size: () => number): KeyQueue {
  let keys: (RecentKey | undefined)[] = []
  // Before this one, all were taken.
  let first = 0

  return {
    add(key) {
      if (keys.length > FEW && keys.length > size() * 2) {
        keys = keys.slice(first).filter((each) => !each?.isForgotten)
        first = 0
      }
      keys.push(key)
    },
    next() {
      while (first < keys.length) {
        const key = keys[first]
        keys[first++] = undefined
        if (key && !key.isForgotten) return key
      }
      return undefined
    },
  }
}

const FEW = 1000
