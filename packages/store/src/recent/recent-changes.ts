import type { SessionRules } from '@mcpcat/sessions'
import { membersOf } from '@mcpcat/sessions'
import type { Changes } from '../changed-rows.js'
import { changedRows } from '../changed-rows.js'
import type { KeyIslands, Member } from '../key-islands.js'
import type { KnownSession } from '../session-rows.js'
import type { RecentKey } from './recent-key.js'
import { islandsAround } from './recent-key.js'
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
  const members: Member[] = []
  for (const [key, { lower, upper }] of looked) {
    const ofKey = islandsAround(key, lower, upper)
    islands.push(ofKey)
    history.withSuperseded(sessionsWithin(key, ofKey), known)
    members.push({ ownKey: key.key.hash, scope: '', key: key.key, span: undefined })
    for (const { ownKey, strand } of membersOf(key.strands)) {
      if (strand.scope !== '') members.push({ ownKey, scope: strand.scope, key: key.key, span: undefined })
    }
  }
  return changedRows(project, islands, [...known.values()], members, rules)
}

/** The rows of a key's sessions that start within its islands. */
function sessionsWithin(key: RecentKey, { lower, upper }: KeyIslands): KnownSession[] {
  return [...key.sessions.values()].filter(({ start_ns: start }) => {
    const at = BigInt(start)
    return lower <= at && at <= upper
  })
}
