import { firstSessionIdAt } from '@mcpcat/sessions'
import type { Parameters } from '../engine.js'
import type { SessionFilter } from '../reading/filter.js'
import { nanosecondsOf } from '../timestamps.js'

/** A range of time in nanoseconds. */
export interface Range {
  readonly from: bigint
  readonly to: bigint
}

/** The end of what the tables can hold, in 2262. */
const LATEST = 9_223_372_036_000_000_000n

export function rangeOf({ from, to }: Pick<SessionFilter, 'from' | 'to'>): Range {
  return {
    from: from === undefined ? 0n : nanosecondsOf(from),
    to: to === undefined ? LATEST : nanosecondsOf(to),
  }
}

/** The range of the same length just before. */
export function rangeBefore({ from, to }: Range): Range {
  return { from: from > to - from ? from - (to - from) : 0n, to: from }
}

/** What `chosen-sessions.sql` asks for. */
export function sessionParameters(filter: SessionFilter, range: Range = rangeOf(filter)): Parameters {
  return {
    ...choiceParameters(filter),
    ...partParameters(filter),
    from: range.from,
    to: range.to,
    first_id: '',
    before_id: range.to === LATEST ? 'ses_~' : firstSessionIdAt(Number(range.to / 1_000_000n) + 1),
  }
}

/**
 * What `counted-events.sql` asks for, but for whether there is anything of clients: see counted-events.ts.
 */
export function eventParameters(filter: SessionFilter, range: Range = rangeOf(filter)): Parameters {
  const { client, user, identified, source, goal, q } = filter
  return {
    ...sessionParameters(filter, range),
    by_session: [client, user, identified, source, goal, q].some((value) => value !== undefined),
  }
}

/** What chooses whole sessions: who, how and why. */
function choiceParameters(filter: SessionFilter): Parameters {
  const search = searchOf(filter.q)
  return {
    project: filter.project,
    client: filter.client ?? '',
    user: filter.user ?? '',
    identified: filter.identified === undefined ? '' : filter.identified ? 'yes' : 'no',
    source: filter.source ?? '',
    goal: filter.goal ?? '',
    search_words: search.others,
    search_1: search.patterns[0],
    search_2: search.patterns[1],
    search_3: search.patterns[2],
  }
}

/** What holds for a part of a session's events. */
function partParameters(filter: SessionFilter): Parameters {
  const tags = Object.entries(filter.tags ?? {})
  return {
    server: filter.server ?? '',
    tool: filter.tool ?? '',
    status: filter.status ?? '',
    tag_keys: tags.map(([key]) => key),
    tag_values: tags.map(([, value]) => value),
  }
}

/** The words of a search, lower case. */
export function wordsOf(q: string | undefined): string[] {
  return (q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
}

/** The words of a search: the longest three as patterns, which a text index answers, and the others. */
export function searchOf(q: string | undefined): { patterns: [string, string, string]; others: string[] } {
  const [first = '', second = '', third = '', ...others] = wordsOf(q).toSorted((a, b) => b.length - a.length)
  return { patterns: [containing(first), containing(second), containing(third)], others }
}

/** A pattern for LIKE; none for no word. */
function containing(word: string): string {
  return word && `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
