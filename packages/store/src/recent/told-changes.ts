import type { Members, SessionKey, SessionRules } from '@mcpcat/sessions'
import { membersOf } from '@mcpcat/sessions'
import { within } from '../key-ranges.js'
import type { SessionRows } from '../session-rows.js'
import { isDue } from './due.js'
import type { PlainKey } from './plain-session.js'
import { isPlain, tellPlain } from './plain-session.js'
import { changesAround } from './recent-changes.js'
import type { RecentKey, RecentStrand } from './recent-key.js'
import { secondOf, touchedRange } from './recent-key.js'
import { scopeName } from './seen-keys.js'
import type { Successions } from './successions.js'

/** Where the sessions of a project changed. */
export interface RecentChanges {
  readonly project: string
  readonly touched: readonly TouchedKey[]
}

interface TouchedKey extends Pick<RecentKey, 'touchedFrom' | 'touchedTo'> {
  readonly key: SessionKey
}

/** What is held of sessions. */
interface Held {
  /** By their hashes. */
  readonly keys: ReadonlyMap<string, RecentKey>
  /** By their names. */
  readonly scopes: ReadonlyMap<string, Members<RecentStrand>>
  /** Keys to which something happened since their sessions were told. */
  readonly changed: Set<RecentKey>
  readonly history: Successions
  /** Says that something happened to a key between these times. */
  readonly touchRange: (key: RecentKey, lower: bigint, upper: bigint) => void
  /** Leaves a key to the engine. */
  readonly forgetKey: (key: RecentKey) => void
}

/**
 * Tells how the table `sessions` has to change for what happened to keys of a project; nothing of it is changed then.
 *
 * @param now keys that are not due then, and have nothing to do with others, wait.
 * @returns what that concerned.
 */
export function tellChanges(
  project: string,
  held: Held,
  rules: SessionRules,
  rows: SessionRows,
  now: number,
): RecentChanges {
  const { changed, history } = held
  const looked = new Map<RecentKey, { lower: bigint; upper: bigint }>()
  const plain: PlainKey[] = []
  for (const key of changed) {
    if (key.project !== project) continue
    if (!isPlain(key, history)) looked.set(key, touchedRange(key))
    else if (isDue(key, now)) plain.push(key)
  }
  if (looked.size > 0) tellMixed(project, looked, held, rules, rows)
  const touched: TouchedKey[] = []
  for (const [key, { lower, upper }] of looked) {
    touched.push({ key: key.key, touchedFrom: secondOf(lower), touchedTo: secondOf(upper) + 1 })
    unchanged(key, held)
  }
  for (const key of plain) {
    // It may have been looked at with others, or be the engine's by now.
    if (key.isForgotten || looked.has(key)) continue
    tellPlain(key, rules, rows)
    touched.push({ key: key.key, touchedFrom: key.touchedFrom, touchedTo: key.touchedTo })
    unchanged(key, held)
  }
  return { project, touched }
}

function unchanged(key: RecentKey, { changed }: Held): void {
  key.touchedTo = 0
  key.isMixed = false
  changed.delete(key)
}

/** Tells what became of sessions that may have become part of others; finds out which other keys that concerns. */
function tellMixed(
  project: string,
  looked: Map<RecentKey, { lower: bigint; upper: bigint }>,
  { keys, scopes, history, touchRange, forgetKey }: Held,
  rules: SessionRules,
  rows: SessionRows,
): void {
  for (;;) {
    const { moved, tell } = changesAround(project, looked, history, rules)
    let again = false
    for (const row of moved) {
      const now = [...membersOf(scopes.get(scopeName(project, row.first_scope)))].find(
        ({ ownKey, strand }) => ownKey === row.first_own_key && strand.scope === row.first_scope,
      )
      const { start } = row
      if (now && !looked.has(now.key) && now.key.touchedTo > 0) {
        looked.set(now.key, touchedRange(now.key))
        again = true
      }
      const range = now && looked.get(now.key)
      if (now && !(range && within(range, start))) {
        looked.set(now.key, {
          lower: range && range.lower < start ? range.lower : start,
          upper: range && range.upper > start ? range.upper : start,
        })
        again = true
      } else if (!now) {
        // Where its events are now, the store alone knows.
        const key = keys.get(row.key)
        if (key) {
          touchRange(key, start, start)
          forgetKey(key)
          looked.delete(key)
          again = true
        }
      }
    }
    if (!again) return tell(rows)
    for (const key of looked.keys()) if (key.isForgotten) looked.delete(key)
  }
}
