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

/** What chooses whole sessions: who, how and why. */
function choiceParameters(filter: SessionFilter): Parameters {
  return {
    project: filter.project,
    client: filter.client ?? '',
    user: filter.user ?? '',
    identified: filter.identified === undefined ? '' : filter.identified ? 'yes' : 'no',
    source: filter.source ?? '',
    goal: filter.goal ?? '',
    ...searchParameters(filter.q),
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

/** What `session-choice.sql` asks for: the words, and as many of them as patterns as the index is asked for. */
function searchParameters(q: string | undefined): Parameters {
  const words = wordsOf(q)
  const [like_1 = '', like_2 = '', like_3 = ''] = words.toSorted((a, b) => b.length - a.length).map(containing)
  return { words, like_1, like_2, like_3 }
}

/** A pattern for LIKE. */
export function containing(word: string): string {
  return `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}
