import { createHash } from 'node:crypto'
import type { Attributes } from '@opentelemetry/api'
import type { Call } from '../meaning/call.js'
import { headersOf } from '../meaning/http-request.js'
import { isRecord } from '../wire.js'

const MAX_USERS = 10_000

/** The last identity of each session and subject, for its messages about which `identify` says nothing. */
const users = new Map<string, Attributes>()

/** The same by session alone, for events that come with no request; the last one identified counts. */
const usersOfSessions = new Map<string, Attributes>()

export function rememberUser(key: string, session: string | undefined, identity: Attributes): void {
  keep(users, key, identity)
  if (session !== undefined) keep(usersOfSessions, session, identity)
}

function keep(map: Map<string, Attributes>, key: string, identity: Attributes): void {
  map.delete(key)
  map.set(key, identity)
  if (map.size <= MAX_USERS) return
  const oldest = map.keys().next()
  if (!oldest.done) map.delete(oldest.value)
}

export function knownUserOfSession(session: string | undefined): Attributes | undefined {
  return session === undefined ? undefined : usersOfSessions.get(session)
}

export function knownUser(key: string): Attributes | undefined {
  return users.get(key)
}

/**
 * Session, or connection, and whatever in the request may tell one user from another: two users
 * behind one session never share an entry. Undefined when a request says nothing of either.
 */
export function userKey(call: Call, extra: unknown): string | undefined {
  const session = call.sessionId ?? call.connection.connectionId
  const subject = subjectOf(extra)
  if (session === undefined && subject === undefined) return undefined
  return JSON.stringify([session, subject])
}

/** Headers that say nothing of who asks, and often differ from one request of a user to the next. */
const OF_NO_USER =
  /^(accept|content-|connection$|host$|user-agent$|traceparent$|tracestate$|baggage$|transfer-encoding$|date$|keep-alive$|origin$|referer$|cache-control$|pragma$|sec-|priority$|if-|mcp-|last-event-id$|x-request-id$|x-correlation-id$|x-amzn-trace-id$|upgrade)/

function subjectOf(extra: unknown): string | undefined {
  const told: string[] = []
  const auth = isRecord(extra) ? extra['authInfo'] : undefined
  if (isRecord(auth)) told.push(String(auth['clientId']), String(auth['token']))
  const headers = headersOf(extra)
  const entries: [string, unknown][] =
    headers instanceof Headers ? [...headers.entries()] : isRecord(headers) ? Object.entries(headers) : []
  for (const [name, value] of entries) if (!OF_NO_USER.test(name)) told.push(name, String(value))
  if (told.length === 0) return undefined
  // A hash, so that no credential stays in memory.
  return createHash('sha256').update(JSON.stringify(told)).digest('base64')
}
