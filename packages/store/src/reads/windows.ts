import type { Position } from './cursor.js'
import type { Range } from './filter-parameters.js'

const DAY = 86_400_000_000_000n
/** Further slices would be more questions than they spare. */
const SIZES = [DAY, 30n * DAY]

/**
 * A range cut into slices, newest first and ever larger: a list of what is newest mostly ends in the
 * first one, and one that has to look far reads little more than it must.
 *
 * @param now nanoseconds; what is later lies in the first slice.
 */
export function* slicesBack({ from, to }: Range, now: bigint): Generator<Range> {
  let upper = to
  let last = to < now ? to : now
  for (const size of SIZES) {
    if (last - size <= from) break
    last -= size
    yield { from: last, to: upper }
    upper = last
  }
  yield { from, to: upper }
}

/**
 * Rows of slice after slice, until there are as many as asked for.
 *
 * @param read is told which slice is the first: where it has rows enough, no other is looked at.
 */
export async function newestRows<Row>(
  slices: Iterable<Range>,
  limit: number,
  read: (slice: Range, limit: number, isFirst: boolean) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  let isFirst = true
  for (const slice of slices) {
    rows.push(...(await read(slice, limit - rows.length, isFirst)))
    isFirst = false
    if (rows.length >= limit) break
  }
  return rows
}

/** Of a range, what a list of what is newest first has still to show after a position. */
export function sliceUntil(range: Range, after: Position): Range {
  const at = BigInt(after.value)
  return after.id === '' || at >= range.to ? range : { from: range.from, to: at + 1n }
}
