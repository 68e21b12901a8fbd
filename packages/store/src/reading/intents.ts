import type { PeriodFilter, SessionFilter } from './filter.js'
import type { FacetValue } from './overview.js'
import type { Page, PageRequest } from './page.js'

export interface Intent {
  eventId: string
  sessionId: string
  start: string
  intent: string
  /** As much of the intent as a line takes, around the first word that was searched for. */
  snippet: string
  /** [start, end) of the words within the snippet, in UTF-16 units. */
  matches: [number, number][]
  method: string
  target: string | null
  isError: boolean
  client: string | null
  user: string | null
}

export interface IntentFacets {
  /** Events with an intent that the filter chooses. */
  total: number
  tool: FacetValue[]
  outcome: { value: 'ok' | 'error'; count: number }[]
}

export interface IntentSignal {
  /** One of the intents that differ in numbers only. */
  example: string
  count: number
  users: number
  tools: string[]
  lastSeen: string
}

export interface IntentSignals {
  /** Asked in the period and not in the one of the same length before it. */
  new: IntentSignal[]
  /** The other way round. */
  gone: IntentSignal[]
}

export interface IntentReads {
  /** Newest first; `q` is searched in the intents alone, word by word, anywhere in a word. @throws InvalidCursorError */
  listIntents(filter: SessionFilter, page: PageRequest): Promise<Page<Intent>>
  intentFacets(filter: PeriodFilter): Promise<IntentFacets>
  intentSignals(filter: PeriodFilter, limit: number): Promise<IntentSignals>
}
