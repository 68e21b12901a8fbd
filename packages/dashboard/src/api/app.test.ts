import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@mcpcat/store'
import type { Store } from '@mcpcat/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callTraces } from '../dev/calls.js'
import { errorSchema, eventDetailSchema, eventPageSchema, sessionPageSchema, sessionSchema } from './answer-schemas.js'
import type { ApiError, EventDetail, Page, Session, SessionEvent } from './answers.js'
import { createDashboardApp } from './app.js'

const NOW = Date.now()
const MINUTE = 60_000
const HOST = 'http://127.0.0.1:4320'

let folder: string
let store: Store
let app: ReturnType<typeof createDashboardApp>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-api-'))
  store = await openStore({ engine: 'chdb', path: folder })
  await store.write(
    callTraces('alpha', [
      {
        at: NOW - 9 * MINUTE,
        session: 'one',
        tool: 'search',
        intent: 'Find the report',
        client: 'Cursor',
        user: 'ada',
      },
      { at: NOW - 8 * MINUTE, session: 'one', tool: 'fetch', client: 'Cursor', user: 'ada', request: '{"id":1.0}' },
      {
        at: NOW - 5 * MINUTE,
        session: 'two',
        tool: 'search',
        client: 'Claude',
        error: {
          type: 'TypeError',
          message: 'x is undefined',
          stack: 'TypeError: x is undefined\n    at run (a.js:1:1)',
        },
      },
    ]),
  )
  await store.write(callTraces('beta', [{ at: NOW - MINUTE, session: 'three', intent: 'Elsewhere' }]))
  app = createDashboardApp({
    store,
    version: '1.2.3',
    collectorEndpoint: () => 'http://127.0.0.1:4318',
    allowedHosts: new Set(['127.0.0.1']),
    onInternalError: (error) => {
      throw error
    },
  })
})

afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return app.request(`${HOST}/api/v1${path}`, { headers: { host: '127.0.0.1:4320', ...headers } })
}

async function getJson<Answer>(path: string): Promise<Answer> {
  const response = await get(path)
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

describe('sessions', () => {
  test('newest first, of one project', async () => {
    const { items, nextCursor } = await getJson<Page<Session>>('/sessions?project=alpha')
    expect(items.map(({ client, toolCalls, errors }) => [client?.name, toolCalls, errors])).toEqual([
      ['Claude', 1, 1],
      ['Cursor', 2, 0],
    ])
    expect(nextCursor).toBeNull()
  })

  test('without a project, the first of the store', async () => {
    const { items } = await getJson<Page<Session>>('/sessions')
    expect(items.every(({ project }) => project === 'alpha')).toBe(true)
  })

  test.each([
    ['client=Cursor', 1],
    ['client=Nobody', 0],
    ['tool=search', 2],
    ['tool=fetch', 1],
    ['user=ada', 1],
    ['status=error', 1],
    ['status=ok', 1],
    ['source=protocol', 2],
    ['source=isolated', 0],
    ['q=report', 1],
    ['server=test-server', 2],
    ['from=-6m', 1],
    ['from=-99999w', 2],
    ['from=0001-01-01&to=9999-12-31', 2],
    ['from=now&to=-24h', 0],
    ['q=%25%27%22%5C%00', 0],
    ['from=-24h&to=-6m', 1],
    ['client=Cursor&status=error', 0],
  ])('%s finds %d', async (query, found) => {
    const { items } = await getJson<Page<Session>>(`/sessions?project=alpha&${query}`)
    expect(items).toHaveLength(found)
  })

  test('pages by cursor', async () => {
    const first = await getJson<Page<Session>>('/sessions?project=alpha&limit=1')
    const second = await getJson<Page<Session>>(
      `/sessions?project=alpha&limit=1&cursor=${encodeURIComponent(first.nextCursor ?? '')}`,
    )
    expect(first.items).toHaveLength(1)
    expect(second.items).toHaveLength(1)
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id)
    expect(second.nextCursor).toBeNull()
  })

  test('one session, its events in order, one event', async () => {
    const [listed] = (await getJson<Page<Session>>('/sessions?project=alpha&client=Cursor')).items
    const session = await getJson<Session>(`/sessions/${listed?.id}?project=alpha`)
    expect(session).toEqual(listed)
    const { items } = await getJson<Page<SessionEvent>>(`/sessions/${session.id}/events?project=alpha`)
    expect(items.map(({ target }) => target)).toEqual(['search', 'fetch'])
    const event = await getJson<EventDetail>(`/events/${items[1]?.id}?project=alpha`)
    expect(event).toMatchObject({ sessionId: session.id, target: 'fetch', request: '{"id":1.0}', durationMs: 25 })
  })

  test('an error keeps its stack', async () => {
    const [failed] = (await getJson<Page<Session>>('/sessions?project=alpha&status=error')).items
    const { items } = await getJson<Page<SessionEvent>>(`/sessions/${failed?.id}/events?project=alpha`)
    const event = await getJson<EventDetail>(`/events/${items[0]?.id}?project=alpha`)
    expect(event.error).toMatchObject({
      type: 'TypeError',
      message: 'x is undefined',
      stack: 'TypeError: x is undefined\n    at run (a.js:1:1)',
    })
  })

  test('a superseded id redirects to the live session, for its events as well', async () => {
    const at = NOW - 20 * MINUTE
    await store.write(callTraces('gamma', [{ at, session: 'late', intent: 'Second' }]))
    const [before] = (await getJson<Page<Session>>('/sessions?project=gamma')).items
    await store.write(callTraces('gamma', [{ at: at - MINUTE, session: 'late', intent: 'First' }]))
    const [after] = (await getJson<Page<Session>>('/sessions?project=gamma')).items
    expect(after?.id).not.toBe(before?.id)

    const response = await get(`/sessions/${before?.id}?project=gamma`)
    expect(response.status).toBe(307)
    expect(response.headers.get('location')).toBe(`/api/v1/sessions/${after?.id}?project=gamma`)
    const events = await get(`/sessions/${before?.id}/events?project=gamma&limit=10`)
    expect(events.headers.get('location')).toBe(`/api/v1/sessions/${after?.id}/events?project=gamma&limit=10`)
  })
})

test('projects, status and config', async () => {
  const { items } = await getJson<{ items: string[] }>('/projects')
  expect(items).toEqual(expect.arrayContaining(['alpha', 'beta']))
  expect(await getJson('/status')).toMatchObject({ status: 'ok', version: '1.2.3' })
  expect(await getJson('/config')).toEqual({ version: '1.2.3', collectorEndpoint: 'http://127.0.0.1:4318' })
})

describe('the OpenAPI document', () => {
  interface OpenApi {
    paths: Record<string, { get: { parameters: { name: string; in: string; description?: string }[] } }>
  }

  test('names every endpoint and parameter', async () => {
    const { paths } = await getJson<OpenApi>('/openapi.json')
    const parameters = (path: string) =>
      paths[`/api/v1${path}`]?.get.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
    expect(Object.keys(paths)).toHaveLength(24)
    expect(parameters('/sessions/{id}/events')).toEqual(['path id', 'query project', 'query limit', 'query cursor'])
    expect(parameters('/sessions')).toEqual(expect.arrayContaining(['query from', 'query status', 'query q']))
  })

  test('describes what is answered', async () => {
    const page = await getJson<Page<Session>>('/sessions?project=alpha')
    expect(() => sessionPageSchema.parse(page)).not.toThrow()
    const id = page.items[0]?.id
    const events = eventPageSchema.parse(await getJson(`/sessions/${id}/events?project=alpha`))
    expect(() => sessionSchema.parse(page.items[0])).not.toThrow()
    const event = await getJson(`/events/${events.items[0]?.id}?project=alpha`)
    expect(eventDetailSchema.parse(event)).toEqual(event)
    expect(errorSchema.parse(await (await get('/sessions?limit=0')).json())).toMatchObject({
      error: { parameter: 'limit' },
    })
  })
})

describe('refusals', () => {
  test.each([
    ['/sessions?limit=0', 'limit'],
    ['/sessions?limit=201', 'limit'],
    ['/sessions?limit=ten', 'limit'],
    ['/sessions/ses_x/events?limit=1001', 'limit'],
    ['/sessions?from=yesterday', 'from'],
    ['/sessions?to=-1y', 'to'],
    ['/sessions?status=bad', 'status'],
    ['/sessions?source=magic', 'source'],
    ['/sessions?sort=name', 'sort'],
    ['/sessions?client=', 'client'],
    ['/sessions?cursor=nonsense', 'cursor'],
    ['/sessions?client=a&client=b', 'client'],
    ['/sessions?colour=red', 'colour'],
    [`/sessions?q=${'x'.repeat(513)}`, 'q'],
    ['/sessions/ses_x?limit=5', 'limit'],
    ['/events/x?from=-1h', 'from'],
    ['/projects?project=a', 'project'],
  ])('%s is a 400 that names %s', async (path, parameter) => {
    const response = await get(path)
    expect(response.status).toBe(400)
    const { error } = (await response.json()) as ApiError
    expect(error.code).toBe('bad_request')
    expect(error.parameter).toBe(parameter)
    expect(error.message).not.toBe('')
  })

  test.each([
    '/sessions/ses_unknown?project=alpha',
    '/sessions/ses_unknown/events?project=alpha',
    '/events/unknown',
    '/nothing',
  ])('%s is a 404', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(((await response.json()) as ApiError).error.code).toBe('not_found')
  })

  test('another project cannot be seen through an id', async () => {
    const [session] = (await getJson<Page<Session>>('/sessions?project=beta')).items
    expect((await get(`/sessions/${session?.id}?project=alpha`)).status).toBe(404)
  })

  test('foreign hosts and origins are 403', async () => {
    expect((await get('/status', { host: 'evil.example' })).status).toBe(403)
    expect((await get('/status', { host: 'evil.example:4320' })).status).toBe(403)
    expect((await get('/status', { host: '127.0.0.1.evil.example' })).status).toBe(403)
    expect((await get('/status', { host: '' })).status).toBe(403)
    expect((await get('/status', { origin: 'https://evil.example' })).status).toBe(403)
    expect((await get('/status', { origin: 'http://127.0.0.1:9999' })).status).toBe(403)
    expect((await get('/status', { origin: 'null' })).status).toBe(403)
    expect((await get('/status', { origin: HOST })).status).toBe(200)
  })

  test('only reading is offered', async () => {
    const response = await app.request(`${HOST}/api/v1/sessions`, {
      method: 'POST',
      headers: { host: '127.0.0.1:4320' },
    })
    expect(response.status).toBe(404)
  })
})

test('every answer carries the security headers', async () => {
  for (const path of ['/status', '/nothing', '/sessions?limit=0']) {
    const { headers } = await get(path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})
