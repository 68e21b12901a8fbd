import { InvalidCursorError } from '../reading/page.js'

/** Where a page ended: the sort value and id of its last row. */
export interface Position {
  readonly value: string
  readonly id: string
}

/** @param list what the cursor pages through, so that one list's cursor is refused by another. */
export function encodeCursor(list: string, { value, id }: Position): string {
  return Buffer.from(JSON.stringify([list, value, id])).toString('base64url')
}

/** The start of the list when there is no cursor. @throws InvalidCursorError */
export function decodeCursor(list: string, cursor: string | undefined): Position {
  if (cursor === undefined) return { value: '0', id: '' }
  const [name, value, id] = parse(cursor)
  if (
    name !== list ||
    typeof value !== 'string' ||
    !/^-?\d{1,19}$/.test(value) ||
    typeof id !== 'string' ||
    id === ''
  ) {
    throw new InvalidCursorError('this cursor was not given out for this list')
  }
  return { value, id }
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) ? parsed : []
  } catch {
    // Not JSON: an invalid cursor like any other.
    return []
  }
}
