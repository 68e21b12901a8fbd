import type { EventFacts } from '../event-facts.js'
import { objectOf } from '../pairs.js'
import type { Parties } from '../spoken-of.js'
import { sameParties } from '../spoken-of.js'
import type { CountedFragment } from '../counted-fragment.js'
import type { SearchText } from '../search-text.js'
import type { Texts } from './distinct.js'
import { copyOf, textsOf, withText, withTexts } from './distinct.js'
import type { IntentBytes } from './intent-bytes.js'
import { Intents } from './intents.js'

/** When an event was, among others: by start, then by id. */
interface Moment {
  readonly start: bigint
  readonly eventId: string
}

/** What an event was the first or last to say. */
interface Said<Value> extends Moment {
  readonly value: Value
}

type SaidByParty = Said<Parties> | undefined

/**
 * A run of events of one strand or scope: a fragment, in the words of `fragments.sql`. Events can be
 * added, and runs joined, in any order: what an event is the first or last to say is kept with its moment.
 */
export class CountedEvents implements CountedFragment {
  readonly scope: string
  start: bigint
  end: bigint
  firstEventId: string
  firstOwnKey: string
  /** Where there are several. */
  private allOwnKeys: readonly string[] | undefined = undefined
  eventCount = 0
  tool_calls = 0
  errors = 0
  missing_tools = 0
  /** About when the last event started: whatever starts later says nothing first that was said before. */
  private lastStart: number
  private toolsCalled: Texts = undefined
  /** Undefined where none was said. */
  intentsSaid: Intents | undefined = undefined
  private sessionIds: Texts = undefined
  /** Of an event that is in the run. */
  private heard: Parties | undefined = undefined
  private firstUser: SaidByParty = undefined
  private firstClient: SaidByParty = undefined
  private firstClientVersion: SaidByParty = undefined
  private firstServer: SaidByParty = undefined
  private firstServerVersion: SaidByParty = undefined
  private firstProtocol: SaidByParty = undefined
  private firstTransport: SaidByParty = undefined
  private firstIntent: Said<string> | undefined = undefined
  private lastUserName: SaidByParty = undefined
  private lastTraits: SaidByParty = undefined

  private constructor(
    scope: string,
    ownKey: string,
    { start, end, eventId }: Pick<EventFacts, 'start' | 'end' | 'eventId'>,
    lastStart: number,
  ) {
    this.scope = scope
    this.start = start
    this.end = end
    this.firstEventId = eventId
    this.firstOwnKey = ownKey
    this.lastStart = lastStart
  }

  /** A run of one event. */
  static of(scope: string, ownKey: string, event: EventFacts, into: IntentBytes): CountedEvents {
    const run = new CountedEvents(scope, ownKey, event, event.about)
    run.add(event, into)
    return run
  }

  /**
   * Adds an event of its one strand that lies within the run, or prolongs it.
   *
   * @param into has room for its intent.
   */
  add(event: EventFacts, into: IntentBytes): void {
    const { start, about } = event
    if (event.end > this.end) this.end = event.end
    const isLast = about > this.lastStart
    if (isLast) this.lastStart = about
    else if (isBefore(event, this.start, this.firstEventId)) {
      this.start = start
      this.firstEventId = event.eventId
    }
    this.eventCount += 1
    if (event.isToolCall) {
      this.tool_calls += 1
      if (event.tool !== '') this.toolsCalled = withText(this.toolsCalled, event.tool)
    }
    if (event.isError) this.errors += 1
    if (event.isMissingTool) this.missing_tools += 1
    const { intentStart, intentEnd } = event
    if (intentEnd > intentStart) {
      this.intentsSaid ??= new Intents(into)
      this.intentsSaid.add(event.intents, intentStart, intentEnd)
      if (!this.firstIntent || (!isLast && isEarlier(event, this.firstIntent)))
        this.firstIntent = { start, eventId: event.eventId, value: event.intent }
    }
    const { parties } = event
    const { heard } = this
    const isHeard = heard !== undefined && (parties === heard || sameParties(parties, heard))
    // Mostly it was all said before, and nobody has to look at what is said again.
    if (isHeard && isLast && parties.user_name === '' && parties.user_traits.length === 0) return
    this.hear(event, isHeard, isLast)
  }

  private hear(event: EventFacts, isHeard: boolean, isLast: boolean): void {
    const { parties } = event
    let said: Said<Parties> | undefined
    const saying = (): Said<Parties> => (said ??= { start: event.start, eventId: event.eventId, value: parties })
    if (parties.user_name !== '') this.lastUserName = later(this.lastUserName, saying())
    if (parties.user_traits.length > 0) this.lastTraits = later(this.lastTraits, saying())
    if (isHeard && isLast) return
    if (!isHeard) {
      this.heard = parties
      if (parties.mcp_session_id !== '') this.sessionIds = withText(this.sessionIds, parties.mcp_session_id)
    }
    const saysFirst = (text: string, known: SaidByParty): boolean =>
      text !== '' && (known === undefined || (!isLast && isEarlier(event, known)))
    if (saysFirst(parties.user_id, this.firstUser)) this.firstUser = saying()
    if (saysFirst(parties.client_name, this.firstClient)) this.firstClient = saying()
    if (saysFirst(parties.client_version, this.firstClientVersion)) this.firstClientVersion = saying()
    if (saysFirst(parties.server_name, this.firstServer)) this.firstServer = saying()
    if (saysFirst(parties.server_version, this.firstServerVersion)) this.firstServerVersion = saying()
    if (saysFirst(parties.protocol_version, this.firstProtocol)) this.firstProtocol = saying()
    if (saysFirst(parties.transport, this.firstTransport)) this.firstTransport = saying()
  }

  /** Adds a run of the same scope that follows or overlaps. */
  join(next: CountedEvents): void {
    if (next.end > this.end) this.end = next.end
    if (next.lastStart > this.lastStart) this.lastStart = next.lastStart
    const ownKeys = union(this.ownKeys, next.ownKeys)
    if (isBefore({ start: next.start, eventId: next.firstEventId }, this.start, this.firstEventId)) {
      this.start = next.start
      this.firstEventId = next.firstEventId
      this.firstOwnKey = next.firstOwnKey
    }
    this.allOwnKeys = ownKeys.length > 1 ? ownKeys : undefined
    this.eventCount += next.eventCount
    this.tool_calls += next.tool_calls
    this.errors += next.errors
    this.missing_tools += next.missing_tools
    this.toolsCalled = withTexts(this.toolsCalled, next.toolsCalled)
    if (!this.intentsSaid) this.intentsSaid = next.intentsSaid?.copy()
    else if (next.intentsSaid) this.intentsSaid.addAll(next.intentsSaid)
    this.sessionIds = withTexts(this.sessionIds, next.sessionIds)
    this.firstUser = earlier(this.firstUser, next.firstUser)
    this.firstClient = earlier(this.firstClient, next.firstClient)
    this.firstClientVersion = earlier(this.firstClientVersion, next.firstClientVersion)
    this.firstServer = earlier(this.firstServer, next.firstServer)
    this.firstServerVersion = earlier(this.firstServerVersion, next.firstServerVersion)
    this.firstProtocol = earlier(this.firstProtocol, next.firstProtocol)
    this.firstTransport = earlier(this.firstTransport, next.firstTransport)
    this.firstIntent = earlier(this.firstIntent, next.firstIntent)
    this.lastUserName = later(this.lastUserName, next.lastUserName)
    this.lastTraits = later(this.lastTraits, next.lastTraits)
  }

  /** A copy that may be added to. */
  copy(): CountedEvents {
    const { scope, firstOwnKey, start, end, firstEventId: eventId } = this
    const copy = new CountedEvents(scope, firstOwnKey, { start, end, eventId }, this.lastStart)
    copy.allOwnKeys = this.allOwnKeys
    copy.toolsCalled = copyOf(this.toolsCalled)
    copy.intentsSaid = this.intentsSaid?.copy()
    copy.sessionIds = copyOf(this.sessionIds)
    copy.eventCount = this.eventCount
    copy.tool_calls = this.tool_calls
    copy.errors = this.errors
    copy.missing_tools = this.missing_tools
    copy.heard = this.heard
    copy.firstUser = this.firstUser
    copy.firstClient = this.firstClient
    copy.firstClientVersion = this.firstClientVersion
    copy.firstServer = this.firstServer
    copy.firstServerVersion = this.firstServerVersion
    copy.firstProtocol = this.firstProtocol
    copy.firstTransport = this.firstTransport
    copy.firstIntent = this.firstIntent
    copy.lastUserName = this.lastUserName
    copy.lastTraits = this.lastTraits
    return copy
  }

  get ownKeys(): readonly string[] {
    return this.allOwnKeys ?? [this.firstOwnKey]
  }

  get tools(): readonly string[] {
    return textsOf(this.toolsCalled)
  }

  get mcp_session_ids(): readonly string[] {
    return textsOf(this.sessionIds)
  }

  addIntentsTo(search: SearchText): void {
    this.intentsSaid?.addTo(search)
  }

  get first_intent(): string {
    return this.firstIntent?.value ?? ''
  }

  get user(): string {
    return this.firstUser?.value.user_id ?? ''
  }

  get user_name_last(): string {
    return this.lastUserName?.value.user_name ?? ''
  }

  get user_traits_last(): Readonly<Record<string, string>> {
    return this.lastTraits ? objectOf(this.lastTraits.value.user_traits) : NO_TRAITS
  }

  get client(): string {
    return this.firstClient?.value.client_name ?? ''
  }

  get client_version_first(): string {
    return this.firstClientVersion?.value.client_version ?? ''
  }

  get server(): string {
    return this.firstServer?.value.server_name ?? ''
  }

  get server_version_first(): string {
    return this.firstServerVersion?.value.server_version ?? ''
  }

  get protocol(): string {
    return this.firstProtocol?.value.protocol_version ?? ''
  }

  get transport_first(): string {
    return this.firstTransport?.value.transport ?? ''
  }
}

const NO_TRAITS = {}

function isBefore(moment: Moment, thanStart: bigint, thanEventId: string): boolean {
  return moment.start < thanStart || (moment.start === thanStart && moment.eventId < thanEventId)
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

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const more = b.filter((text) => !a.includes(text))
  return more.length === 0 ? a : [...a, ...more].toSorted()
}
