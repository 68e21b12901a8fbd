import type { Page, Session } from '../../api/answers.js'

/**
 * The list after its first page was asked for again: that page as it is now, then what had been
 * loaded below it. Sessions that became part of another one go, so does whatever the first page
 * would hold but no longer does.
 */
export function mergeSessions(loaded: readonly Session[], first: Page<Session>): Session[] {
  if (first.nextCursor === null) return first.items
  const gone = new Set(first.items.flatMap(({ id, supersedes }) => [id, ...supersedes]))
  const last = first.items.at(-1)
  const known = last ? loaded.findIndex(({ id }) => id === last.id) : -1
  const below = known >= 0 ? loaded.slice(known + 1) : loaded
  return [...first.items, ...below.filter(({ id }) => !gone.has(id))]
}
