/** An item's place among others, kept on the item itself. */
export interface Used<T> {
  before: T | undefined
  after: T | undefined
}

/** Items in the order of their last use. */
export interface ByLastUse<T> extends Iterable<T> {
  /** The one without use for longest. */
  readonly first: T | undefined
  /** Makes an item the last, one that is new to it too. */
  use(item: T): void
  remove(item: T): void
}

/** A linked list: it is reordered with every event, where a Map would collect what it deletes. */
export function byLastUse<T extends Used<T>>(): ByLastUse<T> {
  let first: T | undefined
  let last: T | undefined

  function remove(item: T): void {
    if (item.before) item.before.after = item.after
    else if (first === item) first = item.after
    if (item.after) item.after.before = item.before
    else if (last === item) last = item.before
    item.before = undefined
    item.after = undefined
  }

  return {
    get first() {
      return first
    },
    use(item) {
      if (item === last) return
      remove(item)
      item.before = last
      if (last) last.after = item
      else first = item
      last = item
    },
    remove,
    *[Symbol.iterator]() {
      for (let item = first; item; item = item.after) yield item
    },
  }
}
