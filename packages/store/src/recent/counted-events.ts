import type { KnownStrand } from '@mcpcat/sessions'
import type { EventColumns, EventRow } from '../event-row.js'
import { objectOf } from '../event-row.js'
import type { CountedFragment } from '../session-rows.js'

/** What sessions say of an event: of its columns, those that are small. */
export interface EventFacts {
  readonly known: KnownStrand
  readonly ownKey: string
  readonly eventId: string
  readonly start: bigint
  readonly end: bigint
  readonly columns: Pick<EventColumns, CountedColumn>
}

type CountedColumn =
  | 'method'
  | 'target'
  | 'is_error'
  | 'is_missing_tool'
  | 'mcp_session_id'
  | 'intent'
  | 'user_id'
  | 'user_name'
  | 'user_traits'
  | 'client_name'
  | 'client_version'
  | 'server_name'
  | 'server_version'
  | 'protocol_version'
  | 'transport'

/** So that what is remembered of an event does not hold its content. */
export function factsOf({ known, ownKey, eventId, start, end, columns }: EventRow): EventFacts {
  return {
    known,
    ownKey,
    eventId,
    start,
    end,
    columns: {
      method: columns.method,
      target: columns.target,
      is_error: columns.is_error,
      is_missing_tool: columns.is_missing_tool,
      mcp_session_id: columns.mcp_session_id,
      intent: columns.intent,
      user_id: columns.user_id,
      user_name: columns.user_name,
      user_traits: columns.user_traits,
      client_name: columns.client_name,
      client_version: columns.client_version,
      server_name: columns.server_name,
      server_version: columns.server_version,
      protocol_version: columns.protocol_version,
      transport: columns.transport,
    },
  }
}

/**
 * A run of events of one strand or scope, with what `fragments.sql` would say of it. Runs can be
 * joined in any order: what an event is the earliest or latest to say is kept with that event.
 */
export interface CountedEvents {
  start: bigint
  end: bigint
  first: EventFacts
  ownKeys: Set<string>
  events: number
  toolCalls: number
  errors: number
  missingTools: number
  readonly tools: Set<string>
  readonly intents: Set<string>
  readonly sessionIds: Set<string>
  user: EventFacts | undefined
  lastUserName: EventFacts | undefined
  lastTraits: EventFacts | undefined
  client: EventFacts | undefined
  clientVersion: EventFacts | undefined
  server: EventFacts | undefined
  serverVersion: EventFacts | undefined
  protocol: EventFacts | undefined
  transport: EventFacts | undefined
  intent: EventFacts | undefined
}

export function countedEvent(event: EventFacts): CountedEvents {
  const counted: CountedEvents = {
    start: event.start,
    end: event.end,
    first: event,
    ownKeys: new Set([event.ownKey]),
    events: 0,
    toolCalls: 0,
    errors: 0,
    missingTools: 0,
    tools: new Set(),
    intents: new Set(),
    sessionIds: new Set(),
    user: undefined,
    lastUserName: undefined,
    lastTraits: undefined,
    client: undefined,
    clientVersion: undefined,
    server: undefined,
    serverVersion: undefined,
    protocol: undefined,
    transport: undefined,
    intent: undefined,
  }
  count(counted, event)
  return counted
}

/** Adds an event that lies within the run, or prolongs it. */
export function count(into: CountedEvents, event: EventFacts): void {
  const { columns } = event
  if (event.end > into.end) into.end = event.end
  if (isEarlier(event, into.first)) {
    into.first = event
    into.start = event.start
  }
  into.events += 1
  if (columns.method === 'tools/call') {
    into.toolCalls += 1
    if (columns.target !== '') into.tools.add(columns.target)
  }
  if (columns.is_error) into.errors += 1
  if (columns.is_missing_tool) into.missingTools += 1
  if (columns.mcp_session_id !== '') into.sessionIds.add(columns.mcp_session_id)
  if (columns.intent !== '') {
    into.intents.add(lower(columns.intent))
    into.intent = earlier(into.intent, event)
  }
  if (columns.user_id !== '') into.user = earlier(into.user, event)
  if (columns.user_name !== '') into.lastUserName = later(into.lastUserName, event)
  if (columns.user_traits.length > 0) into.lastTraits = later(into.lastTraits, event)
  if (columns.client_name !== '') into.client = earlier(into.client, event)
  if (columns.client_version !== '') into.clientVersion = earlier(into.clientVersion, event)
  if (columns.server_name !== '') into.server = earlier(into.server, event)
  if (columns.server_version !== '') into.serverVersion = earlier(into.serverVersion, event)
  if (columns.protocol_version !== '') into.protocol = earlier(into.protocol, event)
  if (columns.transport !== '') into.transport = earlier(into.transport, event)
}

/** Adds a run that follows or overlaps. */
export function join(into: CountedEvents, next: CountedEvents): void {
  if (next.end > into.end) into.end = next.end
  if (isEarlier(next.first, into.first)) {
    into.first = next.first
    into.start = next.start
  }
  into.events += next.events
  into.toolCalls += next.toolCalls
  into.errors += next.errors
  into.missingTools += next.missingTools
  for (const own of next.ownKeys) into.ownKeys.add(own)
  for (const tool of next.tools) into.tools.add(tool)
  for (const intent of next.intents) into.intents.add(intent)
  for (const id of next.sessionIds) into.sessionIds.add(id)
  into.user = earlier(into.user, next.user)
  into.lastUserName = later(into.lastUserName, next.lastUserName)
  into.lastTraits = later(into.lastTraits, next.lastTraits)
  into.client = earlier(into.client, next.client)
  into.clientVersion = earlier(into.clientVersion, next.clientVersion)
  into.server = earlier(into.server, next.server)
  into.serverVersion = earlier(into.serverVersion, next.serverVersion)
  into.protocol = earlier(into.protocol, next.protocol)
  into.transport = earlier(into.transport, next.transport)
  into.intent = earlier(into.intent, next.intent)
}

/** A copy that may be added to. */
export function copied(run: CountedEvents): CountedEvents {
  return {
    ...run,
    ownKeys: new Set(run.ownKeys),
    tools: new Set(run.tools),
    intents: new Set(run.intents),
    sessionIds: new Set(run.sessionIds),
  }
}

/** The run as a fragment of a scope, in the words of `fragments.sql`. */
export function countedFragmentOf(scope: string, run: CountedEvents): CountedFragment {
  return {
    scope,
    start: run.start,
    end: run.end,
    firstEventId: run.first.eventId,
    eventCount: run.events,
    firstOwnKey: run.first.ownKey,
    ownKeys: [...run.ownKeys],
    counts: {
      tool_calls: run.toolCalls,
      errors: run.errors,
      missing_tools: run.missingTools,
      tools: [...run.tools],
      user: run.user?.columns.user_id ?? '',
      user_name_last: run.lastUserName?.columns.user_name ?? '',
      user_traits_last: run.lastTraits ? objectOf(run.lastTraits.columns.user_traits) : {},
      client: run.client?.columns.client_name ?? '',
      client_version_first: run.clientVersion?.columns.client_version ?? '',
      server: run.server?.columns.server_name ?? '',
      server_version_first: run.serverVersion?.columns.server_version ?? '',
      protocol: run.protocol?.columns.protocol_version ?? '',
      transport_first: run.transport?.columns.transport ?? '',
      mcp_session_ids: [...run.sessionIds],
      first_intent: run.intent?.columns.intent ?? '',
      intents: joinedIntents(run.intents),
    },
  }
}

const MOST_INTENT_BYTES = 20_000

/** In order of their bytes, cut after so many of them. */
function joinedIntents(intents: ReadonlySet<string>): string {
  const text = [...intents].toSorted(compareBytes).join('\n')
  if (text.length * 3 <= MOST_INTENT_BYTES) return text
  const bytes = Buffer.from(text)
  return bytes.length <= MOST_INTENT_BYTES ? text : bytes.toString('utf8', 0, MOST_INTENT_BYTES)
}

function compareBytes(a: string, b: string): number {
  // The order of UTF-16 units differs from that of bytes beyond the surrogates only.
  return isPlain(a) && isPlain(b) ? (a < b ? -1 : a > b ? 1 : 0) : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function isPlain(text: string): boolean {
  return !/[\uD800-\uFFFF]/.test(text)
}

/** As ClickHouse's `lower`: of ASCII only. */
function lower(text: string): string {
  const lowered = text.toLowerCase()
  // Mostly nothing beyond ASCII is in it, and both are the same.
  return isAscii(text) ? lowered : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false
  return true
}

export function isEarlier(a: EventFacts, b: EventFacts): boolean {
  return a.start < b.start || (a.start === b.start && a.eventId < b.eventId)
}

function earlier(a: EventFacts | undefined, b: EventFacts | undefined): EventFacts | undefined {
  if (!a) return b
  return b && isEarlier(b, a) ? b : a
}

function later(a: EventFacts | undefined, b: EventFacts | undefined): EventFacts | undefined {
  if (!a) return b
  return b && isEarlier(a, b) ? b : a
}
