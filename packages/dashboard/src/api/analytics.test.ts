import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@mcpcat/store'
import type { Store } from '@mcpcat/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { callTraces } from '../dev/calls.js'
import {
  breakdownSchema,
  clientsSchema,
  facetsSchema,
  intentFacetsSchema,
  intentPageSchema,
  intentSignalsSchema,
  issuePageSchema,
  issueSchema,
  missingPageSchema,
  overviewSchema,
  timeseriesSchema,
  toolNeighborsSchema,
  toolSchema,
  toolsSchema,
  toolVersionsSchema,
  userPageSchema,
  userSchema,
} from './analytics-schemas.js'
import type { ApiError } from './answers.js'
import { createDashboardApp } from './app.js'

const NOW = Date.now()
const MINUTE = 60_000
const HEADERS = { host: '127.0.0.1:4320' }

let folder: string
let store: Store
let app: ReturnType<typeof createDashboardApp>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-analytics-'))
  store = await openStore({ engine: 'chdb', path: folder })
  const ada = { session: 'one', client: 'Cursor', user: 'ada' }
  await store.write(
    callTraces('alpha', [
      {
        at: NOW - 30 * MINUTE,
        ...ada,
        tool: 'search',
        ms: 10,
        intent: 'Find the report',
        attributes: { 'mcpcat.tag.env': 'x' },
      },
      { at: NOW - 29 * MINUTE, ...ada, tool: 'fetch', ms: 30, error: { type: 'TypeError', message: 'x is undefined' } },
      { at: NOW - 28 * MINUTE, session: 'two', client: 'Claude', tool: 'search', ms: 20 },
      {
        at: NOW - 27 * MINUTE,
        session: 'two',
        client: 'Claude',
        tool: 'get_more_tools',
        ms: 40,
        attributes: { 'mcpcat.missing_tool': 'true' },
      },
      { at: NOW - 3 * 60 * MINUTE, session: 'earlier', client: 'Cursor', user: 'bob', tool: 'search', ms: 50 },
    ]),
  )
  await store.write(callTraces('beta', [{ at: NOW - MINUTE, session: 'three', tool: 'elsewhere' }]))
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

async function ask(path: string, init: { method?: string; body?: string; type?: string } = {}): Promise<Response> {
  const { type, ...request } = init
  const headers = { ...HEADERS, ...(type === undefined ? {} : { 'content-type': type }) }
  return app.request(`http://127.0.0.1:4320/api/v1${path}`, { ...request, headers })
}

async function patch(path: string, body: string, type = 'application/json'): Promise<Response> {
  return ask(path, { method: 'PATCH', body, type })
}

async function read<Answer>(schema: z.ZodType<Answer>, path: string): Promise<Answer> {
  const response = await ask(path)
  expect(response.status, path).toBe(200)
  const answer: unknown = await response.json()
  // Nothing beside what is described.
  expect(schema.parse(answer), path).toEqual(answer)
  return answer as Answer
}

describe('of a period', () => {
  const hour = 'project=alpha&from=-1h'

  test('overview, compared with the hour before', async () => {
    const { current, previous } = await read(overviewSchema, `/overview?project=alpha&from=-2h&compare=prev`)
    expect(current).toMatchObject({ sessions: 2, users: 1, calls: 4, failedCalls: 1, errorRate: 0.25, p50Ms: 30 })
    expect(previous).toMatchObject({ sessions: 1, users: 1, calls: 1, failedCalls: 0 })
    expect((await read(overviewSchema, `/overview?${hour}`)).previous).toBeNull()
  })

  test.each([
    ['client=Cursor', 2],
    ['user=ada', 2],
    ['identified=false', 2],
    ['tool=search', 2],
    ['status=error', 1],
    ['tag.env=x', 1],
    ['tag.env=y', 0],
    ['q=report', 2],
    ['goal=none', 0],
    ['source=protocol', 4],
  ])('overview of %s counts %d calls', async (query, calls) => {
    expect((await read(overviewSchema, `/overview?${hour}&${query}`)).current.calls).toBe(calls)
  })

  test('timeseries, breakdown, facets', async () => {
    const { buckets } = await read(timeseriesSchema, `/timeseries?${hour}`)
    expect(buckets.reduce((sum, { calls }) => sum + calls, 0)).toBe(4)
    const { items } = await read(breakdownSchema, `/breakdown?${hour}&by=tool`)
    expect(items.map(({ value, calls }) => [value, calls])).toEqual([
      ['search', 2],
      ['fetch', 1],
      ['get_more_tools', 1],
    ])
    expect((await read(facetsSchema, `/facets?${hour}`)).client).toEqual([
      { value: 'Claude', count: 1 },
      { value: 'Cursor', count: 1 },
    ])
  })

  test('intents', async () => {
    const { items } = await read(intentPageSchema, `/intents?${hour}&q=report`)
    expect(items.map(({ snippet, matches }) => [snippet, matches])).toEqual([['Find the report', [[9, 15]]]])
    expect((await read(intentFacetsSchema, `/intents/facets?${hour}`)).total).toBe(1)
    expect((await read(intentSignalsSchema, `/intents/signals?${hour}`)).new).toHaveLength(1)
  })

  test('tools', async () => {
    const { items } = await read(toolsSchema, `/tools?${hour}`)
    expect(items.map(({ name }) => name)).toEqual(['search', 'fetch', 'get_more_tools'])
    expect((await read(toolSchema, `/tools/fetch?${hour}`)).failures).toHaveLength(1)
    expect((await read(toolVersionsSchema, '/tools/fetch/versions?project=alpha')).items).toEqual([])
    expect((await read(toolNeighborsSchema, `/tools/fetch/neighbors?${hour}`)).items).toEqual([
      { name: 'search', before: 1, after: 0 },
    ])
  })

  test('users, clients, what is missing', async () => {
    const first = await read(userPageSchema, '/users?project=alpha&limit=1')
    expect(first.items.map(({ id }) => id)).toEqual(['ada'])
    const cursor = encodeURIComponent(first.nextCursor ?? '')
    const second = await read(userPageSchema, `/users?project=alpha&limit=1&cursor=${cursor}`)
    expect(second.items.map(({ id }) => id)).toEqual(['bob'])
    expect(second.nextCursor).toBeNull()
    expect((await read(userSchema, '/users/ada?project=alpha')).tools).toHaveLength(2)
    expect((await read(clientsSchema, `/clients?${hour}`)).items).toHaveLength(2)
    expect((await read(missingPageSchema, `/missing?${hour}`)).items).toHaveLength(1)
  })
})

describe('issues', () => {
  test('are resolved by PATCH', async () => {
    const { items } = await read(issuePageSchema, '/issues?project=alpha')
    expect(items.map(({ title, status, count }) => [title, status, count])).toEqual([
      ['TypeError: x is undefined', 'open', 1],
    ])
    const path = `/issues/${encodeURIComponent(items[0]?.id ?? '')}?project=alpha`
    const answer = await patch(path, '{"status":"resolved"}')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ id: items[0]?.id, status: 'resolved' })
    expect((await read(issueSchema, path)).status).toBe('resolved')
    expect((await read(issuePageSchema, '/issues?project=alpha&status=open')).items).toEqual([])
    expect((await read(issuePageSchema, '/issues?project=alpha&status=resolved')).items).toHaveLength(1)
  })

  test('PATCH of what is none, or with a body that says nothing, is refused', async () => {
    expect((await patch('/issues/v1:none?project=alpha', '{"status":"open"}')).status).toBe(404)
    for (const [body, type] of [
      ['{"status":"regressed"}', 'application/json'],
      ['{}', 'application/json'],
      ['nonsense', 'application/json'],
      ['{"status":"open"}', 'text/plain'],
    ]) {
      const response = await patch('/issues/x?project=alpha', body ?? '', type)
      expect(response.status, body).toBe(400)
      expect(((await response.json()) as ApiError).error.parameter).toBe('status')
    }
  })
})

test.each([
  ['/overview?compare=next', 'compare'],
  ['/overview?limit=5', 'limit'],
  ['/overview?identified=maybe', 'identified'],
  ['/overview?tags=x', 'tags'],
  ['/overview?tag.env=', 'tag.env'],
  ['/status?tag.env=x', 'tag.env'],
  ['/breakdown?by=weekday', 'by'],
  ['/facets?limit=201', 'limit'],
  ['/intents?cursor=nonsense', 'cursor'],
  ['/tools?from=then', 'from'],
  ['/issues?status=closed', 'status'],
  ['/issues?sort=name', 'sort'],
  ['/issues/x?status=open', 'status'],
  ['/users?sort=name', 'sort'],
  ['/missing?limit=0', 'limit'],
])('%s is a 400 that names %s', async (path, parameter) => {
  const response = await ask(path)
  expect(response.status).toBe(400)
  expect(((await response.json()) as ApiError).error.parameter).toBe(parameter)
})

test.each(['/tools/elsewhere?project=alpha', '/users/nobody?project=alpha', '/issues/v1:none?project=alpha'])(
  '%s is a 404',
  async (path) => {
    expect((await ask(path)).status).toBe(404)
  },
)
