import type { Page } from '../reading/page.js'

/** Of `limit + 1` records, the page of `limit`, with a cursor when there is more. */
export function pageOf<Row, Item>(
  records: readonly Row[],
  limit: number,
  item: (record: Row) => Item,
  cursor: (record: Row) => string,
): Page<Item> {
  const shown = records.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(item), nextCursor: records.length > limit && last ? cursor(last) : null }
}
