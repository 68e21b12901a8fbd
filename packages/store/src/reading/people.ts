import type { PeriodFilter, SessionFilter } from './filter.js'
import type { Page, PageRequest } from './page.js'

/** Numbers are of the sessions that overlap the period. */
export interface UserStats {
  id: string
  name: string | null
  sessions: number
  calls: number
  errors: number
  firstSeen: string
  lastSeen: string
  clients: string[]
}

export interface UserDetail extends UserStats {
  traits: Record<string, string>
  servers: string[]
  tools: { name: string; sessions: number }[]
}

export interface ClientStats {
  /** Empty for sessions whose client is not known. */
  name: string
  versions: string[]
  sessions: number
  users: number
  calls: number
  errors: number
  lastSeen: string
}

export interface MissingTool {
  eventId: string
  sessionId: string
  start: string
  /** What the agent says is missing: the request as it was captured. */
  request: string | null
  intent: string | null
  client: string | null
  user: string | null
}

export interface PeopleReads {
  /** Who was active last first. @throws InvalidCursorError */
  listUsers(filter: PeriodFilter, page: PageRequest): Promise<Page<UserStats>>
  /** Null when the user has no session in the period. */
  getUser(filter: PeriodFilter, id: string): Promise<UserDetail | null>
  /** Most sessions first. */
  listClients(filter: PeriodFilter, limit: number): Promise<ClientStats[]>
  /** Newest first. @throws InvalidCursorError */
  listMissingTools(filter: SessionFilter, page: PageRequest): Promise<Page<MissingTool>>
}
