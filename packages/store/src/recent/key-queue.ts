import type { RecentKey } from './recent-key.js'

/** Keys in the order in which they were touched last. */
export interface KeyQueue {
  /** Puts it behind all others, wherever it was. */
  touched(key: RecentKey): void
  /** Takes the first that is not forgotten: nothing has happened to it for longest. */
  next(): RecentKey | undefined
}

/** @param size keys that are in it and not forgotten. */
export function keyQueue(size: () => number): KeyQueue {
  // A key stays where it was when it is touched again, until all are gone through: only its last place counts.
  let keys: (RecentKey | undefined)[] = []
  let first = 0

  function goThrough(): void {
    const still = keys.filter((key, place) => key && !key.isForgotten && key.place === place)
    for (const [place, key] of still.entries()) (key as RecentKey).place = place
    keys = still
    first = 0
  }

  return {
    touched(key) {
      if (keys.length > FEW && keys.length > size() * 3) goThrough()
      key.place = keys.length
      keys.push(key)
    },
    next() {
      while (first < keys.length) {
        const place = first++
        const key = keys[place]
        keys[place] = undefined
        if (key && !key.isForgotten && key.place === place) return key
      }
      return undefined
    },
  }
}

const FEW = 1000
