import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReadEvent } from '../event-facts.js'
import { BatchFacts } from '../event-facts.js'
import { SearchText } from '../search-text.js'
import { readEvent } from '../testing/read-events.js'
import { CountedEvents } from './counted-events.js'
import { IntentBytes } from './intent-bytes.js'

/** Events of strands, near to each other and some at the same time, each with an id of its own. */
const strands = fc
  .array(
    fc.record({
      strand: fc.nat(2),
      read: readEvent,
      place: fc.nat(8),
      length: fc.nat(5),
      target: fc.constantFrom('', 'a', 'b', 'c'),
    }),
    { minLength: 1 },
  )
  .map((all) => {
    const runs: ReadEvent[][] = [[], [], []]
    for (const [index, { strand, read, place, length, target }] of all.entries()) {
      const start = 1_700_000_000_000_000_000n + BigInt(place) * 300n
      const end = start + BigInt(length) * 0x1_0000_0001n
      const eventId = `${(index * 7) % 11} ${index}`
      runs[strand]?.push({ ...read, eventId, start, end, target, pushIdTo: (ids) => ids.push(eventId) })
    }
    return runs.filter((run) => run.length > 0)
  })

test('events say the same together in any order, in one run or in several that are joined', () => {
  fc.assert(
    fc.property(strands, (runs) => {
      const bytes = new IntentBytes()
      const [first, ...more] = runs.map((run) => runOf(run, bytes)) as [CountedEvents, ...CountedEvents[]]
      const together = first.copy()
      for (const run of more) together.join(run)
      expect(said(together)).toEqual(expected(runs.flat()))
      expect(said(first)).toEqual(expected(runs[0] as ReadEvent[]))
    }),
    { numRuns: 500 },
  )
})

function runOf(events: readonly ReadEvent[], bytes: IntentBytes): CountedEvents {
  const facts = new BatchFacts()
  const known = events[0]!.known
  for (const event of events) facts.push({ ...event, known })
  bytes.reserve(facts.count, facts.intents.length, () => [])
  const event = facts.inTurn(facts.strands()[0]!)
  event.next()
  const run = CountedEvents.of('scope', 'own', event, bytes)
  while (event.next()) run.add(event, bytes)
  return run
}

function said(run: CountedEvents): unknown {
  const search = new SearchText()
  run.addIntentsTo(search)
  return {
    start: run.start,
    end: run.end,
    first: run.firstEventId,
    events: run.eventCount,
    calls: run.tool_calls,
    errors: run.errors,
    missing: run.missing_tools,
    tools: run.tools,
    sessions: run.mcp_session_ids,
    intents: search.bytes.toString('utf8', 0, search.length),
    intent: run.first_intent,
    user: run.user,
    name: run.user_name_last,
    traits: run.user_traits_last,
    client: run.client,
    transport: run.transport_first,
  }
}

/** As `fragments.sql` says it. */
function expected(events: readonly ReadEvent[]): unknown {
  const order = events.toSorted((a, b) => Number(a.start - b.start) || (a.eventId < b.eventId ? -1 : 1))
  const [first] = order as [ReadEvent]
  const firstOf = (of: (event: ReadEvent) => string): string => order.map(of).find((text) => text !== '') ?? ''
  const calls = order.filter(({ method }) => method === 'tools/call')
  const traits = order.findLast(({ user_traits }) => user_traits.length > 0)?.user_traits ?? []
  return {
    start: first.start,
    end: order.reduce((latest, { end }) => (end > latest ? end : latest), 0n),
    first: first.eventId,
    events: order.length,
    calls: calls.length,
    errors: order.filter(({ is_error: isError }) => isError).length,
    missing: order.filter(({ is_missing_tool: isMissing }) => isMissing).length,
    tools: distinct(calls.map(({ target }) => target)),
    sessions: distinct(order.map(({ mcp_session_id: id }) => id)),
    intents: distinct(order.map(({ intent }) => intent.toLowerCase())).join('\n'),
    intent: firstOf(({ intent }) => intent),
    user: firstOf(({ user_id: user }) => user),
    name: order.findLast(({ user_name: name }) => name !== '')?.user_name ?? '',
    traits: traits.length === 0 ? {} : { [traits[0] as string]: traits[1] },
    client: firstOf(({ client_name: client }) => client),
    transport: firstOf(({ transport }) => transport),
  }
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '').toSorted()
}
