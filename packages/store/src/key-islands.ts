import type { SessionKey, SessionRules } from '@mcpcat/sessions'
import { compareStarts, fragmentGap, linkedKey, linksOf, rungNamed } from '@mcpcat/sessions'
import type { EngineForSessions } from './engine.js'
import type { KeyRange } from './key-ranges.js'
import { pieces } from './pieces.js'
import type { CountedFragment, FragmentRow } from './counted-fragment.js'
import { countedFragment } from './counted-fragment.js'
import { sql } from './sql-files.js'
import type { StrandRow } from './strand-rows.js'
import { strandsByScope } from './strand-rows.js'

/** The events of a strand within a scope, and the key that they have now. */
export interface Member {
  readonly ownKey: string
  readonly scope: string
  readonly key: SessionKey
  /** Between which its events lie, in nanoseconds; not known of a stateless strand. */
  readonly span: { readonly start: bigint; readonly end: bigint } | undefined
}

/**
 * The whole islands of a key in its range or within the limit of it (events that left the key may have
 * held them together), and the range widened to hold them.
 */
export interface KeyIslands extends KeyRange {
  readonly islands: readonly (readonly CountedFragment[])[]
}

/** Every strand that has one of the keys now, and events within the key's range. */
async function membersWithin(
  engine: EngineForSessions,
  project: string,
  ranges: ReadonlyMap<string, KeyRange>,
  rules: SessionRules,
): Promise<Map<string, Member>> {
  const named = [...ranges.values()]
  const found: StrandRow[] = []
  for (const some of pieces(named, ({ key }) => key.actor)) {
    const rows = await engine.query<StrandRow>(sql('strands-of-actors'), {
      project,
      actors: some.map(({ key }) => key.actor),
      lowers: some.map(({ lower }) => lower),
      uppers: some.map(({ upper }) => upper),
    })
    for (const row of rows) found.push(row)
  }
  const members = new Map<string, Member>()
  for (const { key } of named)
    members.set(memberId(key.hash, ''), { ownKey: key.hash, scope: '', key, span: undefined })
  for (const [scope, strands] of strandsByScope(project, found)) {
    const links = linksOf(strands)
    for (const { strand, ownKey, firstStart, lastEnd, belongs } of strands) {
      const range = belongs ? ranges.get(linkedKey(strand, links, rules).hash) : undefined
      if (!range) continue
      // Strands of one scope can differ in what is no part of their key, as the client beside a handle.
      const span = members.get(memberId(ownKey, scope))?.span ?? { start: firstStart, end: lastEnd }
      members.set(memberId(ownKey, scope), {
        ownKey,
        scope,
        key: range.key,
        span: {
          start: firstStart < span.start ? firstStart : span.start,
          end: lastEnd > span.end ? lastEnd : span.end,
        },
      })
    }
  }
  return members
}

function memberId(ownKey: string, scope: string): string {
  return `${ownKey} ${scope}`
}

const HOUR = 3_600_000_000_000n
/** How far around a range one looks at first: most sessions lie within. */
const FIRST_MARGIN = 4n * HOUR
const MARGIN_FACTOR = 8n

/**
 * Loads the islands that the ranges touch, looking further around a range until nothing within an
 * island's limit can lie outside of what was looked at.
 */
export async function islandsOf(
  engine: EngineForSessions,
  project: string,
  ranges: Iterable<KeyRange>,
  rules: SessionRules,
): Promise<{ islands: KeyIslands[]; members: Iterable<Member> }> {
  const settled: KeyIslands[] = []
  const members = new Map<string, Member>()
  let pending = [...ranges].map((range) => ({ range, lower: range.lower, upper: range.upper }))
  for (let margin = FIRST_MARGIN; pending.length > 0; margin *= MARGIN_FACTOR) {
    const windows = new Map(
      pending.map(({ range, lower, upper }) => {
        const around = islandLimit(rules, range.key) + margin
        return [range.key.hash, { key: range.key, lower: clamp(lower - around), upper: clamp(upper + around) }]
      }),
    )
    const inside = await membersWithin(engine, project, windows, rules)
    for (const [id, member] of inside) members.set(id, member)
    const fragments = await fragmentsWithin(engine, project, windows, [...inside.values()], rules)
    const unsettled: typeof pending = []
    for (const { range, lower, upper } of pending) {
      const window = windows.get(range.key.hash) as { lower: bigint; upper: bigint }
      const limit = islandLimit(rules, range.key)
      const islands = cutIntoIslands(fragments.get(range.key.hash) ?? [], limit).filter(
        (island) => startOf(island) <= upper + limit && endOf(island) >= lower - limit,
      )
      const first = islands.reduce((least, island) => (startOf(island) < least ? startOf(island) : least), lower)
      const last = islands.reduce((greatest, island) => (endOf(island) > greatest ? endOf(island) : greatest), upper)
      const whole = clamp(first - limit) >= window.lower && clamp(last + limit) <= window.upper
      if (whole) settled.push({ key: range.key, lower: first, upper: last, islands })
      else unsettled.push({ range, lower: first, upper: last })
    }
    pending = unsettled
  }
  return { islands: settled, members: members.values() }
}

async function fragmentsWithin(
  engine: EngineForSessions,
  project: string,
  windows: ReadonlyMap<string, { lower: bigint; upper: bigint }>,
  members: readonly Member[],
  rules: SessionRules,
): Promise<Map<string, CountedFragment[]>> {
  const inside = members.flatMap((member) => {
    const window = windows.get(member.key.hash)
    const outside = !window || (member.span && (member.span.start > window.upper || member.span.end < window.lower))
    return outside ? [] : [{ ...member, window }]
  })
  const fragments = new Map<string, CountedFragment[]>()
  for (const piece of pieces(byFragment(inside), textOfMembers)) {
    const some = piece.flat()
    const rows = await engine.query<FragmentRow>(sql('fragments'), {
      project,
      own_keys: some.map((member) => member.ownKey),
      scopes: some.map((member) => member.scope),
      keys: some.map((member) => member.key.hash),
      gaps: some.map((member) => fragmentGap(rules, member.key.rung)),
      lowers: some.map((member) => member.window.lower),
      uppers: some.map((member) => member.window.upper),
    })
    for (const row of rows) {
      const known = fragments.get(row.key)
      if (known) known.push(countedFragment(row))
      else fragments.set(row.key, [countedFragment(row)])
    }
  }
  for (const ofKey of fragments.values()) ofKey.sort(compareStarts)
  return fragments
}

/** What may share a fragment, and so is asked for at once: the strands of one key in one scope. */
function byFragment<Of extends Member>(members: readonly Of[]): Of[][] {
  const together = new Map<string, Of[]>()
  for (const member of members) {
    const id = memberId(member.key.hash, member.scope)
    const known = together.get(id)
    if (known) known.push(member)
    else together.set(id, [member])
  }
  return [...together.values()]
}

function textOfMembers(members: readonly Member[]): string {
  return members.map(({ scope, key }) => (scope.length > key.hash.length ? scope : key.hash)).join("','")
}

/** Runs of fragments, given in order of start, with no pause longer than the limit. */
export function cutIntoIslands(fragments: readonly CountedFragment[], limit: bigint): CountedFragment[][] {
  const islands: CountedFragment[][] = []
  let last = 0n
  for (const fragment of fragments) {
    const island = islands.at(-1)
    if (island && fragment.start - last <= limit) {
      island.push(fragment)
      if (fragment.end > last) last = fragment.end
    } else {
      islands.push([fragment])
      last = fragment.end
    }
  }
  return islands
}

/** Nothing further away than this can be of the same session. */
export function islandLimit(rules: SessionRules, key: SessionKey): bigint {
  const gap = fragmentGap(rules, key.rung)
  const limit = BigInt(rungNamed(rules, key.rung).limitMs) * 1_000_000n
  return gap > limit ? gap : limit
}

export function startOf(island: readonly CountedFragment[]): bigint {
  return island[0]?.start ?? 0n
}

export function endOf(island: readonly CountedFragment[]): bigint {
  return island.reduce((latest, fragment) => (fragment.end > latest ? fragment.end : latest), 0n)
}

const LATEST = 9_223_372_036_000_000_000n

/** Into what DateTime64(9) can hold. */
function clamp(nanoseconds: bigint): bigint {
  return nanoseconds < 0n ? 0n : nanoseconds > LATEST ? LATEST : nanoseconds
}
