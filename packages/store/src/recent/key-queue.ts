import type { RecentKey } from './recent-key.js'

/** Keys in the order in which they were touched last. */
export interface KeyQueue {
  /** Puts it behind all others, wherever it was. */
  touched(key: RecentKey): void
  /** Takes it out. */
  remove(key: RecentKey): void
  /** Nothing has happened to it for longest. */
  readonly first: RecentKey | undefined
}

export function keyQueue(): KeyQueue {
  // Each knows those beside it: nothing has to be gone through, and most of what is in it is looked at seldom.
  let first: RecentKey | undefined
  let last: RecentKey | undefined

  function remove(key: RecentKey): void {
    const { before, after } = key
    if (before) before.after = after
    else if (first === key) first = after
    if (after) after.before = before
    else if (last === key) last = before
    key.before = undefined
    key.after = undefined
  }

  return {
    touched(key) {
      if (last === key) return
      remove(key)
      key.before = last
      if (last) last.after = key
      else first = key
      last = key
    },
    remove,
    get first() {
      return first
    },
  }
}
