import type { Strand } from '@mcpcat/sessions'
import { defaultRules, KnownStrand } from '@mcpcat/sessions'
import * as fc from 'fast-check'
import type { EventFacts, ReadEvent } from '../event-facts.js'
import { partiesOf, sameParties } from '../spoken-of.js'

const LATEST = 9_223_372_036_000_000_000n

export const strands: readonly KnownStrand[] = ['a', 'b', 'c'].map((id): KnownStrand => {
  const raw = `protocol:${id}`
  const strand: Strand = { project: 'p', rung: 'raw', actor: raw, user: '', client: '', scope: raw, raw }
  return new KnownStrand(defaultRules, strand)
})

/** Some columns differ among the events of a strand; the session's id does not, but where there is none. */
export const readEvent: fc.Arbitrary<ReadEvent> = fc
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
  .map(({ duration, hasSessionId, ...rest }): ReadEvent => {
    const end = rest.start + duration
    return {
      ...rest,
      end: end > LATEST ? LATEST : end,
      mcp_session_id: hasSessionId ? rest.known.strand.raw.slice('protocol:'.length) : '',
      client_version: '',
      server_name: '',
      server_version: '',
      protocol_version: '',
      isOf({ speaker }) {
        return sameParties(speaker.parties, this)
      },
      pushIdTo(ids) {
        ids.push(this.eventId)
      },
      pushIntentTo(intents) {
        intents.push(this.intent)
      },
    }
  })

/** What facts say, as plain values. */
export function asRead({
  eventId,
  start,
  end,
  isToolCall,
  isError,
  isMissingTool,
  tool,
  intent,
  parties,
}: EventFacts): unknown {
  return { eventId, start, end, isToolCall, isError, isMissingTool, tool, intent, parties }
}

/** What facts of an event should say. */
export function expected(read: ReadEvent): unknown {
  const { eventId, start, end, method, target, intent, is_error: isError, is_missing_tool: isMissingTool } = read
  const isToolCall = method === 'tools/call'
  const tool = isToolCall ? target : ''
  return { eventId, start, end, isToolCall, isError, isMissingTool, tool, intent, parties: partiesOf(read) }
}
