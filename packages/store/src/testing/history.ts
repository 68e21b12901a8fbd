import type { Traces } from '@mcpcat/collector'
import * as fc from 'fast-check'
import type { TestSpan } from './spans.js'
import { T0, traces } from './spans.js'

/** An event as a test thinks of it: who, when, and what of it a session counts. */
export interface HistoryEvent {
  /** Unique over all histories. */
  n: number
  project: string
  startMs: number
  durationMs: number
  user?: string
  client?: string
  handle?: string
  auth?: string
  /** Host and process owner; counts for events with a connection only. */
  process?: { host: string; owner: string }
  raw?: { kind: 'protocol' | 'connection'; id: string }
  /** 32 hex digits. */
  traceId: string
  tool: string
  failed: boolean
  intent?: string
}

const MINUTE = 60_000

/** Times that fall on both sides of every limit: 5 and 30 minutes, and a millisecond around them. */
const pauses = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 * MINUTE }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      0,
      1,
      5 * MINUTE - 1,
      5 * MINUTE,
      5 * MINUTE + 1,
      30 * MINUTE - 1,
      30 * MINUTE,
      30 * MINUTE + 1,
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 31 * MINUTE, max: 9 * 60 * MINUTE }) },
)

const durations = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 30_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: MINUTE, max: 70 * MINUTE }) },
)

/** A few people, clients and connections, so that events meet. */
const evidence = fc.record({
  user: fc.option(fc.constantFrom('ada', 'bob'), { nil: undefined, freq: 2 }),
  client: fc.option(fc.constantFrom('claude', 'cursor'), { nil: undefined, freq: 3 }),
  handle: fc.option(fc.constantFrom('h1', 'h2'), { nil: undefined, freq: 1 }),
  auth: fc.option(fc.constantFrom('sub1', 'sub2'), { nil: undefined, freq: 1 }),
  process: fc.option(fc.constant({ host: 'laptop', owner: 'me' }), { nil: undefined, freq: 1 }),
  raw: fc.option(
    fc.record({
      kind: fc.constantFrom('protocol' as const, 'connection' as const),
      id: fc.constantFrom('r1', 'r2', 'r3'),
    }),
    { nil: undefined, freq: 4 },
  ),
  trace: fc.option(fc.constantFrom(1, 2), { nil: undefined, freq: 1 }),
})

/** Most histories have little of the rarer evidence, or nearly every event would have all of it. */
const mask = fc.record({
  handle: fc.boolean(),
  auth: fc.boolean(),
  process: fc.boolean(),
  raw: fc.constantFrom(true, true, true, false),
  trace: fc.boolean(),
})

const steps = fc.array(
  fc.record({
    pause: pauses,
    duration: durations,
    evidence,
    tool: fc.constantFrom('add', 'divide', 'search'),
    failed: fc.boolean(),
    intent: fc.option(fc.constantFrom('Find it', 'Fix it'), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 14 },
)

/**
 * Histories with a fixed seed. Names are unique to each, so that any number of them can share a
 * store and a project.
 */
export function histories(count: number, seed: number): HistoryEvent[][] {
  const drawn = fc.sample(fc.tuple(steps, mask), { numRuns: count, seed })
  let n = 1
  return drawn.map(([events, uses], history) => {
    const own = (name: string): string => `${name}-${seed}-${history}`
    let clock = T0 + (history % 7) * 86_400_000
    return events.map((step): HistoryEvent => {
      clock += step.pause
      const { user, client, handle, auth, process, raw, trace } = step.evidence
      const number = seed * 1_000_000 + n++
      return {
        n: number,
        project: 'histories',
        startMs: clock,
        durationMs: step.duration,
        ...(user ? { user: own(user) } : {}),
        ...(client ? { client } : {}),
        ...(handle && uses.handle ? { handle: own(handle) } : {}),
        ...(auth && uses.auth ? { auth: own(auth) } : {}),
        ...(process && uses.process ? { process: { host: own(process.host), owner: process.owner } } : {}),
        ...(raw && uses.raw ? { raw: { kind: raw.kind, id: own(raw.id) } } : {}),
        traceId: (trace && uses.trace ? (seed * 100_000 + history) * 10 + trace : number)
          .toString(16)
          .padStart(32, trace && uses.trace ? 'f' : '0'),
        tool: step.tool,
        failed: step.failed,
        ...(step.intent ? { intent: step.intent } : {}),
      }
    })
  })
}

export function historyEventId(event: HistoryEvent): string {
  return `${event.traceId}-${event.n.toString(16).padStart(16, '0')}`
}

/** The spans that an instrumented server would send of these events. */
export function historyTraces(events: readonly HistoryEvent[]): Traces {
  const groups = new Map<string, { resource: Record<string, string>; spans: TestSpan[] }>()
  for (const event of events) {
    const resource = {
      'mcpcat.project.id': event.project,
      ...(event.process ? { 'host.name': event.process.host, 'process.owner': event.process.owner } : {}),
    }
    const id = JSON.stringify(resource)
    const group = groups.get(id) ?? { resource, spans: [] as TestSpan[] }
    groups.set(id, group)
    group.spans.push(testSpan(event))
  }
  return { resourceSpans: [...groups.values()].flatMap(({ resource, spans }) => traces(spans, resource).resourceSpans) }
}

function testSpan(event: HistoryEvent): TestSpan {
  return {
    n: event.n,
    traceId: event.traceId,
    startMs: event.startMs,
    durationMs: event.durationMs,
    ...(event.failed ? { error: 'failed' } : {}),
    attributes: {
      'gen_ai.tool.name': event.tool,
      ...(event.user ? { 'user.id': event.user } : {}),
      ...(event.client ? { 'mcp.client.name': event.client } : {}),
      ...(event.handle ? { 'gen_ai.conversation.id': event.handle } : {}),
      ...(event.auth ? { 'mcpcat.auth.subject': event.auth } : {}),
      ...(event.raw?.kind === 'protocol' ? { 'mcp.session.id': event.raw.id } : {}),
      ...(event.raw?.kind === 'connection' ? { 'mcpcat.connection.id': event.raw.id } : {}),
      ...(event.intent ? { 'mcpcat.intent': event.intent } : {}),
    },
  }
}
