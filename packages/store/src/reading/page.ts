export interface Page<Item> {
  items: Item[]
  /** Opaque; null on the last page. */
  nextCursor: string | null
}

export interface PageRequest {
  /** 1 to {@link MOST_ITEMS}, or what the read says. */
  limit: number
  /** `nextCursor` of the page before. */
  cursor?: string
}

/** Items of a page of most lists, or values of a list that is not paged. */
export const MOST_ITEMS = 200

/** A cursor that no page of this store gave out: the API answers 400 naming `cursor`. */
export class InvalidCursorError extends Error {
  override name = 'InvalidCursorError'
}

/** A read would have taken more time or memory than one read may: a shorter range or more filters help. */
export class ReadLimitError extends Error {
  override name = 'ReadLimitError'
  readonly limit: 'time' | 'memory'
  constructor(limit: 'time' | 'memory', options: ErrorOptions) {
    super(`the read was stopped: it took more ${limit} than one read may`, options)
    this.limit = limit
  }
}
