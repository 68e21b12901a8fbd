/**
 * Cuts a list into pieces whose texts fit into a parameter of a query each: a ClickHouse server takes
 * 128 KiB in one. Something longer than a piece stands alone.
 *
 * @param textOf the longest text that a query is given of an item.
 */
export function pieces<Item>(items: readonly Item[], textOf: (item: Item) => string): Item[][] {
  const cut: Item[][] = []
  let room = 0
  for (const item of items) {
    // Every character may be escaped, or take three bytes.
    const size = textOf(item).length * 3 + SEPARATORS
    room -= size
    const piece = cut.at(-1)
    if (piece && room >= 0) piece.push(item)
    else {
      cut.push([item])
      room = MOST_BYTES - size
    }
  }
  return cut
}

/** Into how many pieces items of so many characters in all are to be cut, by whoever cuts them otherwise, to fit mostly. */
export function pieceCount(characters: number): number {
  return Math.ceil((characters * 3 * 2) / MOST_BYTES) || 1
}

/** Quotes and a comma. */
const SEPARATORS = 3
const MOST_BYTES = 120 * 1024
