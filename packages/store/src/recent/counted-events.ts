import type { FactsInTurn } from '../fact-columns.js'
import { doubleOf, isLater, ofHalves } from '../halves.js'
import { objectOf } from '../pairs.js'
import type { Parties } from '../spoken-of.js'
import { sameParties } from '../spoken-of.js'
import type { CountedFragment } from '../counted-fragment.js'
import type { SearchText } from '../search-text.js'
import type { Texts } from './distinct.js'
import { copyOf, textsOf, withText, withTexts } from './distinct.js'
import type { IntentBytes } from './intent-bytes.js'
import { Intents } from './intents.js'
import type { Moment } from './said.js'
import { isBefore, SaidLater, saysUser } from './said.js'

/** When the last of a run's events ended, and when the last one started. */
type Halves = Pick<CountedEvents, 'endHigh' | 'endLow' | 'lastHigh' | 'lastLow'>

/**
 * A run of events of one strand or scope: a fragment, in the words of `fragments.sql`. Events can be
 * added, and runs joined, in any order: what an event is the first or last to say is kept with its moment.
 */
export class CountedEvents implements CountedFragment {
  readonly scope: string
  start: bigint
  /** Of the end, which changes with nearly each event: as a bigint, it would be another object each time. */
  endHigh: number
  endLow: number
  firstEventId: string
  firstOwnKey: string
  /** Where there are several. */
  private allOwnKeys: readonly string[] | undefined = undefined
  eventCount = 0
  tool_calls = 0
  errors = 0
  missing_tools = 0
  /** When the last event started: whatever starts later says nothing first that was said before. */
  lastHigh: number
  lastLow: number
  private toolsCalled: Texts = undefined
  /** Undefined where none was said. */
  intentsSaid: Intents | undefined = undefined
  private sessionIds: Texts = undefined
  /** Of an event that is in the run. */
  private heard: Parties
  /** What the first event says: nothing was said before it. */
  private firstParties: Parties
  private firstIntent = ''
  private saidLater: SaidLater | undefined = undefined

  private constructor(
    scope: string,
    ownKey: string,
    { start, eventId }: Moment,
    parties: Parties,
    { endHigh, endLow, lastHigh, lastLow }: Halves,
  ) {
    this.scope = scope
    this.start = start
    this.endHigh = endHigh
    this.endLow = endLow
    this.firstEventId = eventId
    this.firstOwnKey = ownKey
    this.lastHigh = lastHigh
    this.lastLow = lastLow
    this.heard = parties
    this.firstParties = parties
  }

  /** A run of one event. */
  static of(scope: string, ownKey: string, event: FactsInTurn, into: IntentBytes): CountedEvents {
    const { parties, endHigh, endLow, startHigh: lastHigh, startLow: lastLow } = event
    const run = new CountedEvents(scope, ownKey, event, parties, { endHigh, endLow, lastHigh, lastLow })
    run.sessionIds = withSessionId(undefined, parties)
    run.firstIntent = event.intent
    if (saysUser(parties)) run.later.hearUser(parties, event)
    run.count(event, into)
    return run
  }

  /**
   * Adds an event of its one strand that lies within the run, or prolongs it.
   *
   * @param into has room for its intent.
   */
  add(event: FactsInTurn, into: IntentBytes): void {
    this.endWith(event.endHigh, event.endLow)
    this.count(event, into)
    const isLast = this.lastWith(event.startHigh, event.startLow)
    const { parties } = event
    const { heard } = this
    const isHeard = parties === heard || sameParties(parties, heard)
    if (!isHeard) {
      this.heard = parties
      this.sessionIds = withSessionId(this.sessionIds, parties)
    }
    if (!isLast && isBefore(event, this.start, this.firstEventId)) {
      this.begin(event, parties, event.intent)
      return
    }
    if (this.firstIntent === '') this.hearIntent(event, isLast)
    // Mostly it was all said before, and nobody has to look at what is said again.
    if (!isHeard || !isLast) this.hear(parties, event)
    else if (saysUser(parties)) this.later.hearUser(parties, event)
  }

  /** Whether an event surely starts after all others of it, and before a pause of so many nanoseconds. */
  isSurelyProlonged({ about }: FactsInTurn, sureGap: number): boolean {
    return about > doubleOf(this.lastHigh, this.lastLow) && about - doubleOf(this.endHigh, this.endLow) <= sureGap
  }

  private count(event: FactsInTurn, into: IntentBytes): void {
    this.eventCount += 1
    if (event.isToolCall) {
      this.tool_calls += 1
      const { tool } = event
      if (tool !== '') this.toolsCalled = withText(this.toolsCalled, tool)
    }
    if (event.isError) this.errors += 1
    if (event.isMissingTool) this.missing_tools += 1
    const { intentStart, intentEnd } = event
    if (intentEnd === intentStart) return
    this.intentsSaid ??= new Intents(into)
    this.intentsSaid.add(event.intents, intentStart, intentEnd)
  }

  private get later(): SaidLater {
    return (this.saidLater ??= new SaidLater())
  }

  /** Has another first event; what the one before it said was said later. */
  private begin({ start, eventId }: Moment, parties: Parties, intent: string): void {
    const before = { start: this.start, eventId: this.firstEventId }
    this.later.hear(this.firstParties, before)
    if (this.firstIntent !== '') this.later.hearIntent(this.firstIntent, before)
    if (saysUser(parties)) this.later.hearUser(parties, { start, eventId })
    this.start = start
    this.firstEventId = eventId
    this.firstParties = parties
    this.firstIntent = intent
  }

  /** What an event says that is not the first one. */
  private hear(parties: Parties, moment: Moment): void {
    if (saysUser(parties) || !sameParties(parties, this.firstParties)) this.later.hear(parties, moment)
  }

  private hearIntent(event: FactsInTurn, isLast: boolean): void {
    if (event.intentEnd === event.intentStart || (isLast && this.first_intent !== '')) return
    this.later.hearIntent(event.intent, event)
  }

  private endWith(high: number, low: number): void {
    if (!isLater(high, low, this.endHigh, this.endLow)) return
    this.endHigh = high
    this.endLow = low
  }

  /** False when another event started then or later. */
  private lastWith(high: number, low: number): boolean {
    if (!isLater(high, low, this.lastHigh, this.lastLow)) return false
    this.lastHigh = high
    this.lastLow = low
    return true
  }

  /** Adds a run of the same scope that follows or overlaps. */
  join(next: CountedEvents): void {
    this.endWith(next.endHigh, next.endLow)
    this.lastWith(next.lastHigh, next.lastLow)
    const ownKeys = union(this.ownKeys, next.ownKeys)
    const moment = { start: next.start, eventId: next.firstEventId }
    if (isBefore(moment, this.start, this.firstEventId)) {
      this.begin(moment, next.firstParties, next.firstIntent)
      this.firstOwnKey = next.firstOwnKey
    } else {
      this.later.hear(next.firstParties, moment)
      if (next.firstIntent !== '') this.later.hearIntent(next.firstIntent, moment)
    }
    if (next.saidLater) this.later.addAll(next.saidLater)
    this.allOwnKeys = ownKeys.length > 1 ? ownKeys : undefined
    this.eventCount += next.eventCount
    this.tool_calls += next.tool_calls
    this.errors += next.errors
    this.missing_tools += next.missing_tools
    this.toolsCalled = withTexts(this.toolsCalled, next.toolsCalled)
    if (!this.intentsSaid) this.intentsSaid = next.intentsSaid?.copy()
    else if (next.intentsSaid) this.intentsSaid.addAll(next.intentsSaid)
    this.sessionIds = withTexts(this.sessionIds, next.sessionIds)
  }

  /** A copy that may be added to. */
  copy(): CountedEvents {
    const { scope, firstOwnKey, start, firstEventId: eventId, firstParties } = this
    const copy = new CountedEvents(scope, firstOwnKey, { start, eventId }, firstParties, this)
    copy.allOwnKeys = this.allOwnKeys
    copy.toolsCalled = copyOf(this.toolsCalled)
    copy.intentsSaid = this.intentsSaid?.copy()
    copy.sessionIds = copyOf(this.sessionIds)
    copy.eventCount = this.eventCount
    copy.tool_calls = this.tool_calls
    copy.errors = this.errors
    copy.missing_tools = this.missing_tools
    copy.heard = this.heard
    copy.firstIntent = this.firstIntent
    copy.saidLater = this.saidLater?.copy()
    return copy
  }

  get end(): bigint {
    return ofHalves(this.endHigh, this.endLow)
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
    return this.firstIntent || (this.saidLater?.intent ?? '')
  }

  get user(): string {
    return this.firstParties.user_id || (this.saidLater?.first('user_id') ?? '')
  }

  get user_name_last(): string {
    return this.saidLater?.lastUserName ?? ''
  }

  get user_traits_last(): Readonly<Record<string, string>> {
    return this.saidLater ? objectOf(this.saidLater.lastTraits) : NO_TRAITS
  }

  get client(): string {
    return this.firstParties.client_name || (this.saidLater?.first('client_name') ?? '')
  }

  get client_version_first(): string {
    return this.firstParties.client_version || (this.saidLater?.first('client_version') ?? '')
  }

  get server(): string {
    return this.firstParties.server_name || (this.saidLater?.first('server_name') ?? '')
  }

  get server_version_first(): string {
    return this.firstParties.server_version || (this.saidLater?.first('server_version') ?? '')
  }

  get protocol(): string {
    return this.firstParties.protocol_version || (this.saidLater?.first('protocol_version') ?? '')
  }

  get transport_first(): string {
    return this.firstParties.transport || (this.saidLater?.first('transport') ?? '')
  }
}

const NO_TRAITS = {}

function withSessionId(ids: Texts, { mcp_session_id: id }: Parties): Texts {
  return id === '' ? ids : withText(ids, id)
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const more = b.filter((text) => !a.includes(text))
  return more.length === 0 ? a : [...a, ...more].toSorted()
}
