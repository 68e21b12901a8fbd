import { createHash } from 'node:crypto'
import type { HistoryEvent } from './history.js'
import { historyEventId } from './history.js'

/**
 * What sessions are, told a second time: straight from the definition, over the whole deduplicated
 * event set at once, sharing no code with the implementation. Slow and plain on purpose.
 */
export interface GoldSession {
  id: string
  project: string
  /** Event ids in order of (start, id). */
  events: string[]
  source: string
  confidence: number
  eventCount: number
  toolCalls: number
  errors: number
  tools: string[]
  user: string
  client: string
  firstIntent: string
  startMs: number
  endMs: number
}

interface Placed {
  event: HistoryEvent
  id: string
  start: number
  end: number
  actor: { rung: string; name: string; limit: number; source: string; confidence: number }
  key: string
  scope: string
}

const MINUTE = 60_000
const GAP = 30 * MINUTE

export function goldSessions(events: readonly HistoryEvent[]): GoldSession[] {
  const distinct = [...new Map(events.map((event) => [event.n, event])).values()]
  const placed = distinct.map((event) => place(event, distinct))
  const sessions: GoldSession[] = []
  for (const key of new Set(placed.map((each) => each.key))) {
    sessions.push(...sessionsOfKey(placed.filter((each) => each.key === key)))
  }
  return sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function place(event: HistoryEvent, all: readonly HistoryEvent[]): Placed {
  const siblings = all.filter((other) => other.project === event.project)
  // Within which events are identities linked: the handle's, or else the raw session's.
  const inScope = event.handle
    ? siblings.filter((other) => other.handle === event.handle)
    : event.raw
      ? siblings.filter((other) => rawOf(other) === rawOf(event))
      : []
  const inOrder = inScope.toSorted(byStart)
  const user = event.user ?? inOrder.find((other) => other.user)?.user ?? ''
  const client = event.client ?? inOrder.find((other) => other.client)?.client ?? ''

  const actor = ((): Placed['actor'] => {
    if (event.handle) return { rung: 'handle', name: event.handle, limit: 0, source: 'handle', confidence: 1 }
    if (user) return { rung: 'user', name: user, limit: 30 * MINUTE, source: 'identity', confidence: 0.9 }
    if (event.auth) return { rung: 'auth', name: event.auth, limit: 30 * MINUTE, source: 'inferred', confidence: 0.8 }
    if (event.process && event.raw?.kind === 'connection') {
      const name = JSON.stringify([event.process.host, event.process.owner])
      return { rung: 'process', name, limit: 5 * MINUTE, source: 'inferred', confidence: 0.6 }
    }
    if (event.raw) return { rung: 'raw', name: rawOf(event), limit: 0, source: event.raw.kind, confidence: 1 }
    return { rung: 'trace', name: event.traceId, limit: 30 * MINUTE, source: 'inferred', confidence: 0.7 }
  })()
  const parts =
    actor.rung === 'handle'
      ? [event.project, 'handle', actor.name, user, '']
      : [event.project, actor.rung, actor.name, '', client]
  return {
    event,
    id: historyEventId(event),
    start: event.startMs,
    end: event.startMs + event.durationMs,
    actor,
    key: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32),
    scope: event.handle ? 'handle' : rawOf(event),
  }
}

function rawOf({ raw }: HistoryEvent): string {
  return raw ? `${raw.kind}:${raw.id}` : ''
}

function sessionsOfKey(members: readonly Placed[]): GoldSession[] {
  const fragments: Placed[][] = []
  for (const scope of new Set(members.map((each) => each.scope))) {
    let open: Placed[] = []
    for (const each of members.filter((member) => member.scope === scope).toSorted(byPlace)) {
      const end = Math.max(...open.map((earlier) => earlier.end))
      if (open.length > 0 && scope !== 'handle' && each.start - end > GAP) {
        fragments.push(open)
        open = []
      }
      open.push(each)
    }
    fragments.push(open)
  }
  fragments.sort((a, b) => byPlace(a[0] as Placed, b[0] as Placed))

  const chains: Placed[][][] = []
  for (const fragment of fragments) {
    const first = fragment[0] as Placed
    const ended = chains.filter((chain) => {
      const end = endOf(chain.at(-1) as Placed[])
      return first.actor.limit > 0 && end < first.start && first.start - end <= first.actor.limit
    })
    const latest = Math.max(...ended.map((chain) => endOf(chain.at(-1) as Placed[])))
    const chain = ended.find((candidate) => endOf(candidate.at(-1) as Placed[]) === latest)
    if (chain) chain.push(fragment)
    else chains.push([fragment])
  }
  return chains.map(goldSession)
}

function goldSession(chain: readonly Placed[][]): GoldSession {
  const members = chain.flat().toSorted(byPlace)
  const first = members[0] as Placed
  const { actor } = first
  const single = chain.length === 1
  const rawKind = first.event.raw?.kind
  const provenance =
    actor.rung !== 'handle' && single && rawKind
      ? { source: rawKind, confidence: 1 }
      : actor.rung === 'trace' && members.length === 1
        ? { source: 'isolated', confidence: 0 }
        : { source: actor.source, confidence: actor.confidence }
  return {
    id: goldId(first.key, first.start, first.id),
    project: first.event.project,
    events: members.map((each) => each.id),
    ...provenance,
    eventCount: members.length,
    toolCalls: members.length,
    errors: members.filter((each) => each.event.failed).length,
    tools: [...new Set(members.map((each) => each.event.tool))].toSorted((a, b) => (a < b ? -1 : 1)),
    user: members.find((each) => each.event.user)?.event.user ?? '',
    client: members.find((each) => each.event.client)?.event.client ?? '',
    firstIntent: members.find((each) => each.event.intent)?.event.intent ?? '',
    startMs: first.start,
    endMs: Math.max(...members.map((each) => each.end)),
  }
}

/** `ses_`, the start in milliseconds in ten base-32 digits, and eighty bits of a hash in sixteen. */
function goldId(key: string, startMs: number, firstEventId: string): string {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz'
  const text = (value: bigint, length: number): string =>
    Array.from({ length }, (_, i) => digits[Number((value >> BigInt(5 * (length - 1 - i))) & 31n)]).join('')
  const hash = createHash('sha256').update(`${key}\n${startMs}000000\n${firstEventId}`).digest('hex')
  const bits = (from: number): bigint => BigInt(`0x${hash.slice(from + 6, from + 16)}`)
  return `ses_${text(BigInt(startMs), 10)}${text(bits(0), 8)}${text(bits(16), 8)}`
}

function byStart(a: HistoryEvent, b: HistoryEvent): number {
  return a.startMs - b.startMs || (historyEventId(a) < historyEventId(b) ? -1 : 1)
}

function byPlace(a: Placed, b: Placed): number {
  return a.start - b.start || (a.id < b.id ? -1 : 1)
}

function endOf(fragment: readonly Placed[]): number {
  return Math.max(...fragment.map((each) => each.end))
}
