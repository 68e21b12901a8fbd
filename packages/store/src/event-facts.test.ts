import type { Strand } from '@mcpcat/sessions'
import { defaultRules, KnownStrand } from '@mcpcat/sessions'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReadEvent } from './event-facts.js'
import { BatchFacts } from './event-facts.js'
import { SpokenOf } from './spoken-of.js'

const LATEST = 9_223_372_036_000_000_000n

const strands = ['a', 'b', 'c'].map((id): KnownStrand => {
  const raw = `protocol:${id}`
  const strand: Strand = { project: 'p', rung: 'raw', actor: raw, user: '', client: '', scope: raw, raw }
  return new KnownStrand(defaultRules, strand)
})

/** Some columns differ among the events of a strand; the session's id does not, but where there is none. */
const event = fc
  .record({
    known: fc.constantFrom(...strands),
    hasSessionId: fc.boolean(),
    eventId: fc.oneof(fc.string({ unit: 'grapheme' }), fc.uuid()),
    start: fc.oneof(fc.bigInt({ min: 0n, max: LATEST }), fc.constantFrom(0n, LATEST, 999_999_999n, 10n ** 18n)),
    duration: fc.bigInt({ min: 0n, max: 10n ** 14n }),
    method: fc.constantFrom('tools/call', 'tools/list'),
    target: fc.constantFrom('', 'add'),
    is_error: fc.boolean(),
    is_missing_tool: fc.boolean(),
    intent: fc.constantFrom('', 'Find it'),
    user_id: fc.constantFrom('', 'ada'),
    user_name: fc.constantFrom('', 'Ada'),
    user_traits: fc.constantFrom([], ['plan', 'pro'], ['plan', 'free']),
    client_name: fc.constantFrom('', 'claude'),
    transport: fc.constantFrom('', 'pipe'),
  })
  .map(({ duration, ...rest }): ReadEvent => {
    const end = rest.start + duration
    return {
      ...rest,
      end: end > LATEST ? LATEST : end,
      mcp_session_id: rest.hasSessionId ? rest.known.strand.raw.slice('protocol:'.length) : '',
      client_version: '',
      server_name: '',
      server_version: '',
      protocol_version: '',
    }
  })

describe('facts that wait', () => {
  test('are what was read, by strand and in order, in one batch after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 40 }), { maxLength: 4 }), (batches) => {
        const spoken = new SpokenOf()
        const facts = [new BatchFacts(spoken), new BatchFacts(spoken)] as const
        for (const [index, batch] of batches.entries()) {
          const into = facts[index % 2] as BatchFacts
          into.clear()
          for (const read of batch) into.push(read)
          expect(into.count).toBe(batch.length)
          const said = new Map(into.strands().map((of) => [of.known, into.eventsOf(of).map(asRead)]))
          expect(said).toEqual(
            new Map(
              strands
                .filter((known) => batch.some((read) => read.known === known))
                .map((known) => [known, batch.filter((read) => read.known === known).map(expected)]),
            ),
          )
        }
      }),
    )
  })

  test('say between which seconds an event lies', () => {
    fc.assert(
      fc.property(event, (read) => {
        const facts = new BatchFacts()
        facts.push(read)
        const { fromSecond, toSecond } = facts.eventsOf(facts.strands()[0]!)[0]!
        expect(BigInt(fromSecond) * 1_000_000_000n).toBeLessThanOrEqual(read.start)
        expect(BigInt(toSecond) * 1_000_000_000n).toBeGreaterThan(read.end)
        expect(read.start - BigInt(fromSecond) * 1_000_000_000n).toBeLessThan(1_001_000_000n)
        expect(BigInt(toSecond) * 1_000_000_000n - read.end).toBeLessThan(1_001_000_000n)
      }),
      { numRuns: 1000 },
    )
  })

  test('hold as many events as come', () => {
    const facts = new BatchFacts()
    const [read] = fc.sample(event, 1) as [ReadEvent]
    const count = 70_000
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < count; index += 1) facts.push({ ...read, eventId: `event ${index}` })
      const [strand] = facts.strands()
      expect(facts.eventsOf(strand!).map(({ eventId }) => eventId)).toEqual(
        Array.from({ length: count }, (_, index) => `event ${index}`),
      )
      facts.clear()
    }
  })
})

function asRead({
  eventId,
  start,
  end,
  isToolCall,
  isError,
  isMissingTool,
  tool,
  intent,
  parties,
}: ReturnType<BatchFacts['eventsOf']>[number]): unknown {
  return { eventId, start, end, isToolCall, isError, isMissingTool, tool, intent, parties }
}

function expected(read: ReadEvent): unknown {
  const { known: _known, hasSessionId: _has, eventId, start, end, method, target, intent, ...rest } = read
  const { is_error: isError, is_missing_tool: isMissingTool, ...parties } = rest
  const isToolCall = method === 'tools/call'
  return { eventId, start, end, isToolCall, isError, isMissingTool, tool: isToolCall ? target : '', intent, parties }
}
