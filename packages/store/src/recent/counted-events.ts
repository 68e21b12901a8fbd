import type { CountedColumns, EventFacts } from '../event-facts.js'
import type { Pairs } from '../native/maps.js'
import { objectOf } from '../pairs.js'
import type { CountedFragment } from '../session-rows.js'
import { Distinct } from './distinct.js'
import { joinedIntents, lower } from './intent-text.js'

/** When an event was, among others: by start, then by id. */
interface Moment {
  readonly start: bigint
  readonly eventId: string
}

/** What an event was the earliest to say, of whatever it says. */
type Saying = Moment & Pick<CountedColumns, FirstSaid>

type FirstSaid =
  | 'user_id'
  | 'client_name'
  | 'client_version'
  | 'server_name'
  | 'server_version'
  | 'protocol_version'
  | 'transport'
  | 'intent'

interface LastSaid<Value> extends Moment {
  readonly value: Value
}

/**
 * A run of events of one strand or scope, with what `fragments.sql` would say of it. Runs can be
 * joined in any order: what an event is the earliest or latest to say is kept with its moment.
 */
export interface CountedEvents {
  start: bigint
  end: bigint
  firstEventId: string
  firstOwnKey: string
  /** Of the event that started last: whatever starts later says nothing first that was said before. */
  lastStart: bigint
  readonly ownKeys: Distinct
  events: number
  toolCalls: number
  errors: number
  missingTools: number
  readonly tools: Distinct
  readonly intents: Distinct
  readonly sessionIds: Distinct
  user: Saying | undefined
  client: Saying | undefined
  clientVersion: Saying | undefined
  server: Saying | undefined
  serverVersion: Saying | undefined
  protocol: Saying | undefined
  transport: Saying | undefined
  intent: Saying | undefined
  lastUserName: LastSaid<string> | undefined
  lastTraits: LastSaid<Pairs> | undefined
}

export function countedEvent(event: EventFacts): CountedEvents {
  const counted: CountedEvents = {
    start: event.start,
    end: event.end,
    firstEventId: event.eventId,
    firstOwnKey: event.ownKey,
    lastStart: event.start,
    ownKeys: new Distinct(),
    events: 0,
    toolCalls: 0,
    errors: 0,
    missingTools: 0,
    tools: new Distinct(),
    intents: new Distinct(lower),
    sessionIds: new Distinct(),
    user: undefined,
    client: undefined,
    clientVersion: undefined,
    server: undefined,
    serverVersion: undefined,
    protocol: undefined,
    transport: undefined,
    intent: undefined,
    lastUserName: undefined,
    lastTraits: undefined,
  }
  counted.ownKeys.add(event.ownKey)
  count(counted, event)
  return counted
}

/** Adds an event that lies within the run, or prolongs it. Nothing of the event is held but what it says anew. */
export function count(into: CountedEvents, event: EventFacts): void {
  const { columns } = event
  if (event.end > into.end) into.end = event.end
  const isLast = event.start > into.lastStart
  if (isLast) into.lastStart = event.start
  else if (isBefore(event, into.start, into.firstEventId)) {
    into.start = event.start
    into.firstEventId = event.eventId
    into.firstOwnKey = event.ownKey
  }
  into.events += 1
  if (columns.method === 'tools/call') {
    into.toolCalls += 1
    if (columns.target !== '') into.tools.add(columns.target)
  }
  if (columns.is_error) into.errors += 1
  if (columns.is_missing_tool) into.missingTools += 1
  if (columns.mcp_session_id !== '') into.sessionIds.add(columns.mcp_session_id)

  let saying: Saying | undefined
  // Mostly it was all said before, and nobody has to look at what is said again.
  const saysFirst = (said: string, known: Saying | undefined): boolean =>
    (known === undefined || (!isLast && isEarlier(event, known))) && said !== ''
  if (columns.intent !== '') into.intents.add(columns.intent)
  if (saysFirst(columns.intent, into.intent)) into.intent = saying ??= sayingOf(event)
  if (saysFirst(columns.user_id, into.user)) into.user = saying ??= sayingOf(event)
  if (saysFirst(columns.client_name, into.client)) into.client = saying ??= sayingOf(event)
  if (saysFirst(columns.client_version, into.clientVersion)) into.clientVersion = saying ??= sayingOf(event)
  if (saysFirst(columns.server_name, into.server)) into.server = saying ??= sayingOf(event)
  if (saysFirst(columns.server_version, into.serverVersion)) into.serverVersion = saying ??= sayingOf(event)
  if (saysFirst(columns.protocol_version, into.protocol)) into.protocol = saying ??= sayingOf(event)
  if (saysFirst(columns.transport, into.transport)) into.transport = saying ??= sayingOf(event)
  if (columns.user_name !== '') into.lastUserName = later(into.lastUserName, lastSaid(event, columns.user_name))
  if (columns.user_traits.length > 0) into.lastTraits = later(into.lastTraits, lastSaid(event, columns.user_traits))
}

function sayingOf({ start, eventId, columns }: EventFacts): Saying {
  return {
    start,
    eventId,
    user_id: columns.user_id,
    client_name: columns.client_name,
    client_version: columns.client_version,
    server_name: columns.server_name,
    server_version: columns.server_version,
    protocol_version: columns.protocol_version,
    transport: columns.transport,
    intent: columns.intent,
  }
}

function lastSaid<Value>({ start, eventId }: Moment, value: Value): LastSaid<Value> {
  return { start, eventId, value }
}

/** Adds a run that follows or overlaps. */
export function join(into: CountedEvents, next: CountedEvents): void {
  if (next.end > into.end) into.end = next.end
  if (next.lastStart > into.lastStart) into.lastStart = next.lastStart
  if (isBefore({ start: next.start, eventId: next.firstEventId }, into.start, into.firstEventId)) {
    into.start = next.start
    into.firstEventId = next.firstEventId
    into.firstOwnKey = next.firstOwnKey
  }
  into.events += next.events
  into.toolCalls += next.toolCalls
  into.errors += next.errors
  into.missingTools += next.missingTools
  for (const own of next.ownKeys.values()) into.ownKeys.add(own)
  for (const tool of next.tools.values()) into.tools.add(tool)
  for (const intent of next.intents.values()) into.intents.add(intent)
  for (const id of next.sessionIds.values()) into.sessionIds.add(id)
  into.user = earlier(into.user, next.user)
  into.client = earlier(into.client, next.client)
  into.clientVersion = earlier(into.clientVersion, next.clientVersion)
  into.server = earlier(into.server, next.server)
  into.serverVersion = earlier(into.serverVersion, next.serverVersion)
  into.protocol = earlier(into.protocol, next.protocol)
  into.transport = earlier(into.transport, next.transport)
  into.intent = earlier(into.intent, next.intent)
  into.lastUserName = later(into.lastUserName, next.lastUserName)
  into.lastTraits = later(into.lastTraits, next.lastTraits)
}

/** A copy that may be added to. */
export function copied(run: CountedEvents): CountedEvents {
  return {
    ...run,
    ownKeys: run.ownKeys.copy(),
    tools: run.tools.copy(),
    intents: run.intents.copy(),
    sessionIds: run.sessionIds.copy(),
  }
}

/** The run as a fragment of a scope, in the words of `fragments.sql`. */
export function countedFragmentOf(scope: string, run: CountedEvents): CountedFragment {
  return {
    scope,
    start: run.start,
    end: run.end,
    firstEventId: run.firstEventId,
    eventCount: run.events,
    firstOwnKey: run.firstOwnKey,
    ownKeys: [...run.ownKeys.values()],
    counts: {
      tool_calls: run.toolCalls,
      errors: run.errors,
      missing_tools: run.missingTools,
      tools: [...run.tools.values()],
      user: run.user?.user_id ?? '',
      user_name_last: run.lastUserName?.value ?? '',
      user_traits_last: run.lastTraits ? objectOf(run.lastTraits.value) : {},
      client: run.client?.client_name ?? '',
      client_version_first: run.clientVersion?.client_version ?? '',
      server: run.server?.server_name ?? '',
      server_version_first: run.serverVersion?.server_version ?? '',
      protocol: run.protocol?.protocol_version ?? '',
      transport_first: run.transport?.transport ?? '',
      mcp_session_ids: [...run.sessionIds.values()],
      first_intent: run.intent?.intent ?? '',
      intents: joinedIntents(run.intents.values()),
    },
  }
}

function isBefore({ start, eventId }: Moment, thanStart: bigint, thanEventId: string): boolean {
  return start < thanStart || (start === thanStart && eventId < thanEventId)
}

function isEarlier(a: Moment, b: Moment): boolean {
  return isBefore(a, b.start, b.eventId)
}

function earlier<Of extends Moment>(a: Of | undefined, b: Of | undefined): Of | undefined {
  if (!a) return b
  return b && isEarlier(b, a) ? b : a
}

function later<Of extends Moment>(a: Of | undefined, b: Of | undefined): Of | undefined {
  if (!a) return b
  return b && isEarlier(a, b) ? b : a
}
