import type { SessionRules } from '@mcpcat/sessions'
import { linkedKey, linkingMembers } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import type { KeyRange } from '../key-ranges.js'
import { strandsOfScopes } from '../key-ranges.js'
import { pieces } from '../pieces.js'
import { refreshSessions } from '../sessionizer.js'
import { sql } from '../sql-files.js'
import type { StoredStrand } from '../strand-rows.js'
import { strandsByScope } from '../strand-rows.js'
import { rebuildStrands } from './reconcile.js'

/** All that deleting a user takes, known before the first row goes: afterwards nothing tells it any more. */
export interface Deletion {
  readonly project: string
  readonly user: string
  /** Raw sessions in which some event names the user. */
  readonly scopes: readonly string[]
  /** Strands of others' events that were the user's because of their raw session. */
  readonly lent: readonly { readonly scope: string; readonly ownKey: string }[]
  /** Strands of those raw sessions that stay. */
  readonly remaining: readonly StoredStrand[]
  /** Keys that events have while the user lends them something; without, they may have others. */
  readonly before: readonly KeyRange[]
}

export async function planDeletion(
  engine: Engine,
  rules: SessionRules,
  project: string,
  user: string,
): Promise<Deletion> {
  const found = await engine.query<{ scope: string }>(sql('scopes-of-user'), { project, user })
  const scopes = found.map(({ scope }) => scope)
  const known = [...strandsByScope(project, await strandsOfScopes(engine, project, scopes)).values()]
  const lent = new Set(known.flatMap((strands) => lentBy(user, strands)))
  return {
    project,
    user,
    scopes,
    lent: [...lent].map(({ strand, ownKey }) => ({ scope: strand.scope, ownKey })),
    remaining: known.flat().filter((strand) => strand.belongs && strand.strand.user !== user && !lent.has(strand)),
    before: known.flatMap((strands) => keyRanges(strands, rules)),
  }
}

/**
 * Deletes a user's data for good: the user's events, those that were the user's because their raw
 * session was, and the sessions. What remains in those raw sessions, of other users, is assembled
 * anew without them. Doing it again changes nothing.
 */
export async function carryOutDeletion(engine: Engine, rules: SessionRules, deletion: Deletion): Promise<void> {
  const { project, user, scopes, lent, remaining, before } = deletion
  await engine.command(sql('delete-user-events'), { project, user })
  for (const some of pieces(lent, ({ scope, ownKey }) => (scope.length > ownKey.length ? scope : ownKey))) {
    await engine.command(sql('delete-lent-events'), {
      project,
      scopes: some.map(({ scope }) => scope),
      own_keys: some.map(({ ownKey }) => ownKey),
    })
  }
  const sessions = await engine.query<{ session_id: string }>(sql('sessions-of-user'), { project, user })
  const found = sessions.map(({ session_id: id }) => id)
  for (const ids of pieces(found, (id) => id)) {
    // The goals first: afterwards nothing tells whose they were.
    await engine.command(sql('delete-goals'), { project, ids })
    await engine.command(sql('delete-sessions'), { project, ids })
  }
  for (const some of pieces(scopes, (scope) => scope)) {
    await engine.command(sql('delete-strands-of-scopes'), { project, scopes: some })
    await rebuildStrands(engine, rules, 0, some)
  }
  await refreshSessions(engine, project, remaining, rules, before)
}

/** Strands without a user of their own that have this one from their scope. */
function lentBy(user: string, strands: readonly StoredStrand[]): StoredStrand[] {
  if (linkingMembers(strands).user?.strand.user !== user) return []
  return strands.filter((strand) => strand.belongs && strand.strand.user === '')
}

function keyRanges(strands: readonly StoredStrand[], rules: SessionRules): KeyRange[] {
  const linking = linkingMembers(strands)
  const links = { user: linking.user?.strand.user ?? '', client: linking.client?.strand.client ?? '' }
  return strands
    .filter(({ belongs }) => belongs)
    .map(({ strand, firstStart, lastEnd }) => ({
      key: linkedKey(strand, links, rules),
      lower: firstStart,
      upper: lastEnd,
    }))
}
