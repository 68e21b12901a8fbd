import type { ApiError, DashboardInfo, EventDetail, Page, Session, SessionEvent } from '../../api/answers.js'

/** An answer of the API that is no result. */
export class ApiFailure extends Error {
  override name = 'ApiFailure'
  readonly status: number
  readonly hint: string | undefined
  constructor(status: number, { error }: ApiError) {
    super(error.message)
    this.status = status
    this.hint = error.hint
  }
}

type Query = Record<string, string | undefined>

async function get<Answer>(path: string, query: Query, signal?: AbortSignal): Promise<Answer> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const url = `/api/v1${path}?${new URLSearchParams(given)}`
  const response = await fetch(url, signal ? { signal } : {}).catch((error: unknown) => {
    throw signal?.aborted ? error : new Error('The collector does not answer.', { cause: error })
  })
  const body: unknown = await response.json()
  if (!response.ok) throw new ApiFailure(response.status, body as ApiError)
  return body as Answer
}

export function getProjects(): Promise<{ items: string[] }> {
  return get('/projects', {})
}

export function getConfig(): Promise<DashboardInfo> {
  return get('/config', {})
}

export function getSessions(query: Query, signal?: AbortSignal): Promise<Page<Session>> {
  return get('/sessions', query, signal)
}

/** Follows the redirect of a superseded id: the session's own id tells. */
export function getSession(project: string | undefined, id: string, signal?: AbortSignal): Promise<Session> {
  return get(`/sessions/${encodeURIComponent(id)}`, { project }, signal)
}

export function getSessionEvents(
  project: string,
  id: string,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<Page<SessionEvent>> {
  return get(
    `/sessions/${encodeURIComponent(id)}/events`,
    { project, cursor, limit: cursor === undefined ? '200' : '1000' },
    signal,
  )
}

export function getEvent(project: string, id: string): Promise<EventDetail> {
  return get(`/events/${encodeURIComponent(id)}`, { project })
}
