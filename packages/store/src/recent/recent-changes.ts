import type { SessionRules } from '@mcpcat/sessions'
import { membersOf } from '@mcpcat/sessions'
import type { Changes } from '../changed-rows.js'
import { changedRows } from '../changed-rows.js'
import type { KeyIslands, Member } from '../key-islands.js'
import type { KnownSession } from '../known-session.js'
import type { RecentKey } from './recent-key.js'
import { islandsAround, sessionsOf } from './recent-key.js'
import type { Successions } from './successions.js'

/** How the table `sessions` has to change where something happened to these keys between two times. */
export function changesAround(
  project: string,
  looked: ReadonlyMap<RecentKey, { lower: bigint; upper: bigint }>,
  history: Successions,
  rules: SessionRules,
): Changes {
  const islands: KeyIslands[] = []
  const known = new Map<string, KnownSession>()
  for (const [key, { lower, upper }] of looked) {
    const ofKey = islandsAround(key, lower, upper)
    islands.push(ofKey)
    history.withSuperseded(sessionsWithin(key, ofKey), known)
  }
  return changedRows(project, islands, known, () => [...looked.keys()].flatMap(membersOfKey), rules)
}

function membersOfKey({ key, strands }: RecentKey): Member[] {
  const members: Member[] = [{ ownKey: key.hash, scope: '', key, span: undefined }]
  for (const { ownKey, strand } of membersOf(strands)) {
    if (strand.scope !== '') members.push({ ownKey, scope: strand.scope, key, span: undefined })
  }
  return members
}

/** The rows of a key's sessions that start within its islands. */
function sessionsWithin(key: RecentKey, { lower, upper }: KeyIslands): KnownSession[] {
  return [...sessionsOf(key)].filter(({ start }) => lower <= start && start <= upper)
}
