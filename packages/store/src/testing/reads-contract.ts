import { beforeAll, describe, expect, test } from 'vitest'
import type { PeriodFilter } from '../reading/filter.js'
import type { Page } from '../reading/page.js'
import { InvalidCursorError } from '../reading/page.js'
import type { Store } from '../store.js'
import { idOf, LISTED, writeReadsFixture } from './reads-fixture.js'
import { T0, traces } from './spans.js'

const project = 'reads'
const filter: PeriodFilter = { project, from: '2026-08-01T12:00:00Z', to: '2026-08-01T14:00:00Z' }
const day: PeriodFilter = { ...filter, to: '2026-08-02T12:00:00Z' }

/** What the pages of a dashboard read; every figure is counted by hand from the fixture's table. */
export function describeReads(opened: () => Store): void {
  describe('what is read of a period', () => {
    let store: Store
    beforeAll(async () => {
      store = opened()
      await writeReadsFixture(store, project)
    })

    const sessionId = async (raw: string): Promise<string> => {
      const { items } = await store.listSessions({ project }, { limit: 10 })
      return items.find(({ mcpSessionIds }) => mcpSessionIds[0] === raw)?.id ?? 'none'
    }

    test('totals, with those of the period before', async () => {
      expect(await store.overview(day, { comparePrevious: true })).toEqual({
        current: {
          sessions: 3,
          users: 2,
          calls: 7,
          failedCalls: 2,
          errorRate: 2 / 7,
          errors: 3,
          missingTools: 1,
          p50Ms: 100,
          p95Ms: 400,
        },
        previous: {
          sessions: 1,
          users: 1,
          calls: 1,
          failedCalls: 0,
          errorRate: 0,
          errors: 0,
          missingTools: 0,
          p50Ms: 1000,
          p95Ms: 1000,
        },
      })
      const nothing = { ...filter, from: '2026-07-01T00:00:00Z', to: '2026-07-02T00:00:00Z' }
      expect((await store.overview(nothing)).current).toMatchObject({ calls: 0, errorRate: null, p95Ms: null })
    })

    test.each<[Partial<PeriodFilter>, [sessions: number, calls: number, failed: number]]>([
      [{ user: 'ada' }, [1, 4, 1]],
      [{ client: 'cursor' }, [2, 5, 2]],
      [{ identified: false }, [1, 2, 0]],
      [{ identified: true }, [2, 5, 2]],
      [{ tool: 'fetch' }, [2, 2, 2]],
      [{ server: 'test-server' }, [3, 7, 2]],
      [{ server: 'other' }, [0, 0, 0]],
      [{ status: 'error' }, [3, 2, 2]],
      [{ source: 'protocol' }, [3, 7, 2]],
      [{ source: 'handle' }, [0, 0, 0]],
      [{ tags: { env: 'x' } }, [1, 1, 0]],
      [{ tags: { env: 'y' } }, [0, 0, 0]],
      [{ q: 'invoice' }, [1, 4, 1]],
      [{ q: '100%' }, [0, 0, 0]],
      [{ q: 'find invoice may search cursor' }, [1, 4, 1]],
      [{ q: 'find invoice may search 99' }, [0, 0, 0]],
      [{ user: 'ada', client: 'cursor', server: 'test-server', status: 'error' }, [1, 1, 1]],
      [{ tool: 'search', tags: { env: 'x' }, identified: true }, [1, 1, 0]],
      [{ user: 'bob', tool: 'fetch' }, [1, 1, 1]],
    ])('totals of %j', async (some, expected) => {
      const { current } = await store.overview({ ...filter, ...some })
      expect([current.sessions, current.calls, current.failedCalls]).toEqual(expected)
    })

    test('a timeseries without gaps', async () => {
      const { bucketMs, buckets } = await store.timeseries(filter)
      expect(bucketMs).toBe(60_000)
      expect(buckets).toHaveLength(120)
      const none = { sessions: 0, calls: 0, failedCalls: 0, errors: 0, p95Ms: null }
      expect(buckets.slice(0, 4)).toEqual([
        { ...none, start: '2026-08-01T12:00:00.000Z', sessions: 1, calls: 1, p95Ms: 100 },
        { ...none, start: '2026-08-01T12:01:00.000Z', calls: 1, failedCalls: 1, errors: 1, p95Ms: 300 },
        { ...none, start: '2026-08-01T12:02:00.000Z', calls: 2, p95Ms: 200 },
        { ...none, start: '2026-08-01T12:03:00.000Z' },
      ])
      expect(buckets[90]).toEqual({
        start: '2026-08-01T13:30:00.000Z',
        sessions: 1,
        calls: 1,
        failedCalls: 1,
        errors: 1,
        p95Ms: 400,
      })
      expect((await store.timeseries(day)).bucketMs).toBe(900_000)
    })

    test('a breakdown by what is asked for', async () => {
      const by = async (dimension: Parameters<Store['breakdown']>[1]): Promise<unknown[]> =>
        (await store.breakdown(filter, dimension, 10)).map((row) => [row.value, row.events, row.calls, row.sessions])
      expect(await by('client')).toEqual([
        ['cursor', 6, 5, 2],
        ['claude', 3, 2, 1],
      ])
      expect(await by('tool')).toEqual([
        ['search', 4, 4, 2],
        ['fetch', 2, 2, 2],
        ['get_more_tools', 1, 1, 1],
      ])
      expect(await by('method')).toEqual([
        ['tools/call', 7, 7, 3],
        ['resources/read', 1, 0, 1],
        ['tools/list', 1, 0, 1],
      ])
      expect(await by('user')).toEqual([
        ['ada', 4, 4, 1],
        ['', 3, 2, 1],
        ['bob', 2, 1, 1],
      ])
      expect(await by('source')).toEqual([['protocol', 9, 7, 3]])
      expect(await by('server')).toEqual([['test-server', 9, 7, 3]])
      expect(await by('errorType')).toEqual([
        ['TypeError', 2, 2, 2],
        ['not_found', 1, 0, 1],
      ])
      expect(await store.breakdown(filter, 'tool', 1)).toEqual([
        {
          value: 'search',
          sessions: 2,
          users: 1,
          events: 4,
          calls: 4,
          failedCalls: 0,
          errors: 0,
          p50Ms: 100,
          p95Ms: 200,
        },
      ])
    })

    test('facets: what every filter can be set to', async () => {
      expect(await store.facets(filter, 10)).toEqual({
        client: [
          { value: 'cursor', count: 2 },
          { value: 'claude', count: 1 },
        ],
        server: [{ value: 'test-server', count: 3 }],
        tool: [
          { value: 'fetch', count: 2 },
          { value: 'search', count: 2 },
          { value: 'get_more_tools', count: 1 },
        ],
        user: [
          { value: 'ada', count: 1 },
          { value: 'bob', count: 1 },
        ],
        status: [{ value: 'error', count: 3 }],
        source: [{ value: 'protocol', count: 3 }],
        goal: [],
      })
      expect((await store.facets({ ...filter, client: 'claude' }, 1)).tool).toEqual([
        { value: 'get_more_tools', count: 1 },
      ])
    })

    test('intents: search, snippets, facets, new and gone', async () => {
      const { items } = await store.listIntents({ project, q: 'FIND invoice' }, { limit: 10 })
      expect(items.map(({ eventId }) => eventId)).toEqual([idOf(3), idOf(1)])
      expect(items[0]).toEqual({
        eventId: idOf(3),
        sessionId: await sessionId('a'),
        start: '2026-08-01T12:02:00.000Z',
        intent: 'Find invoice 18 of May',
        snippet: 'Find invoice 18 of May',
        matches: [
          [0, 4],
          [5, 12],
        ],
        method: 'tools/call',
        target: 'search',
        isError: false,
        client: 'cursor',
        user: 'ada',
      })
      const found = async (q: string): Promise<number> =>
        (await store.listIntents({ project, q }, { limit: 10 })).items.length
      expect(await found('nvoic')).toBe(2)
      expect(await found('17')).toBe(1)
      expect(await found('find invoice 17 of may')).toBe(1)
      expect(await found('find invoice 99 of may')).toBe(0)
      expect(await found('invoice fetch')).toBe(0)
      expect(await found('%')).toBe(0)
      expect((await store.listIntents({ project, user: 'bob' }, { limit: 10 })).items).toEqual([])
      expect(await store.intentFacets(filter)).toEqual({
        total: 2,
        tool: [{ value: 'search', count: 2 }],
        outcome: [
          { value: 'ok', count: 2 },
          { value: 'error', count: 0 },
        ],
      })
      expect(await store.intentSignals(day, 10)).toEqual({
        new: [
          {
            example: 'Find invoice 18 of May',
            count: 2,
            users: 1,
            tools: ['search'],
            lastSeen: '2026-08-01T12:02:00.000Z',
          },
        ],
        gone: [
          {
            example: 'An old question',
            count: 1,
            users: 1,
            tools: ['search'],
            lastSeen: '2026-07-31T13:00:00.000Z',
          },
        ],
      })
    })

    test('one event, delivered once or twice, of a server or a client', async () => {
      const event = async (n: number): Promise<unknown> => await store.getEvent(project, idOf(n))
      const session = await sessionId('a')
      expect(await event(1)).toMatchObject({ sessionId: session, durationMs: 100, intent: 'Find invoice 17 of May' })
      expect(await event(3)).toMatchObject({ sessionId: session, durationMs: 200, intent: 'Find invoice 18 of May' })
      expect(await event(9)).toMatchObject({ sessionId: session, kind: 'client', target: 'search' })
      expect(await event(999)).toBeNull()
      expect(await store.getEvent(project, 'no id of a span')).toBeNull()
      expect(await store.getEvent('elsewhere', idOf(1))).toBeNull()
    })

    test('tools: those that were called, and those that were not', async () => {
      const tools = await store.listTools(filter, 10)
      expect(tools.map(({ name, calls, failedCalls }) => [name, calls, failedCalls])).toEqual([
        ['search', 4, 0],
        ['fetch', 2, 2],
        ['get_more_tools', 1, 0],
        ['unused', 0, 0],
      ])
      expect(tools[0]).toEqual({
        server: 'test-server',
        name: 'search',
        calls: 4,
        failedCalls: 0,
        errorRate: 0,
        p50Ms: 100,
        p95Ms: 200,
        sessions: 2,
        users: 1,
        lastCall: '2026-08-01T12:10:00.000Z',
        firstListed: '2026-08-01T13:31:00.000Z',
        lastListed: '2026-08-01T13:31:00.000Z',
      })
      expect(tools[3]).toMatchObject({ lastCall: null, errorRate: null, p50Ms: null })
      expect(tools[1]).toMatchObject({ errorRate: 1, users: 2, sessions: 2, firstListed: null })
    })

    test('one tool: trend, failures, neighbours', async () => {
      const tool = await store.getTool({ ...filter, tool: 'fetch' })
      expect(tool?.servers.map(({ server, calls }) => [server, calls])).toEqual([['test-server', 2]])
      expect(tool?.trend.buckets.reduce((sum, { calls }) => sum + calls, 0)).toBe(2)
      expect(tool?.failures).toEqual([
        {
          issue: 'v1:aa',
          count: 2,
          errorType: 'TypeError',
          sampleMessage: 'boom 2',
          sampleEventId: idOf(7),
          lastSeen: '2026-08-01T13:30:00.000Z',
        },
      ])
      expect(await store.getTool({ ...filter, tool: 'unused' })).toMatchObject({
        servers: [{ calls: 0 }],
        failures: [],
      })
      expect(await store.getTool({ ...filter, tool: 'nothing' })).toBeNull()
      expect(await store.toolNeighbors({ ...filter, tool: 'search' }, 10)).toEqual([
        { name: 'fetch', before: 1, after: 1 },
        { name: 'search', before: 1, after: 1 },
        { name: 'get_more_tools', before: 0, after: 1 },
      ])
    })

    test('versions of a tool, however often they are listed', async () => {
      const list = async (n: number, startMs: number, tools: unknown[]): Promise<void> => {
        const response = JSON.stringify({ tools })
        const attributes = {
          'mcp.session.id': `v${n}`,
          'mcp.method.name': 'tools/list',
          'gen_ai.tool.name': '',
          'mcpcat.response': response,
        }
        await store.write(traces([{ n, startMs, attributes }], { 'mcpcat.project.id': 'versions' }))
      }
      await list(901_001, T0, [LISTED.search])
      await list(901_002, T0 + 3_600_000, [LISTED.search, { noName: true }])
      await list(901_003, T0 + 7_200_000, [LISTED.renewed])
      await list(901_003, T0 + 7_200_000, [LISTED.renewed])
      await list(901_004, T0 - 3_600_000, [LISTED.search])
      const versions = await store.toolVersions('versions', 'search')
      expect(versions.map(({ description, firstSeen, lastSeen }) => [description, firstSeen, lastSeen])).toEqual([
        ['Searches everything', '2026-08-01T14:00:00.000Z', '2026-08-01T14:00:00.000Z'],
        ['Searches', '2026-08-01T11:00:00.000Z', '2026-08-01T13:00:00.000Z'],
      ])
      expect(JSON.parse(versions[1]?.definition ?? '')).toEqual(LISTED.search)
    })

    test('users, clients, and what is missing', async () => {
      const { items: users } = await store.listUsers(filter, { limit: 10 })
      expect(users.map(({ id, sessions }) => [id, sessions])).toEqual([
        ['bob', 1],
        ['ada', 1],
      ])
      expect(await store.getUser(filter, 'ada')).toMatchObject({
        id: 'ada',
        name: 'Ada',
        sessions: 1,
        errors: 1,
        firstSeen: '2026-08-01T12:00:00.000Z',
        clients: ['cursor'],
        servers: ['test-server'],
        tools: [
          { name: 'fetch', sessions: 1 },
          { name: 'search', sessions: 1 },
        ],
      })
      expect(await store.getUser(filter, 'nobody')).toBeNull()
      expect(
        (await store.listClients(filter, 10)).map(({ name, sessions, users: of }) => [name, sessions, of]),
      ).toEqual([
        ['cursor', 2, 2],
        ['claude', 1, 0],
      ])
      expect(await store.listMissingTools({ project }, { limit: 10 })).toEqual({
        items: [
          {
            eventId: idOf(6),
            sessionId: await sessionId('b'),
            start: '2026-08-01T12:12:00.000Z',
            request: '{"context":"send an e-mail"}',
            intent: null,
            client: 'claude',
            user: null,
          },
        ],
        nextCursor: null,
      })
    })

    test('goals: what ended and has none, until it changes', async () => {
      const before = '2026-08-02T00:00:00Z'
      const asked = async (): Promise<string[]> =>
        (await store.sessionsToCategorize(project, { before, limit: 10 })).map(({ id }) => id)
      const [a, b, c, p] = await Promise.all(['a', 'b', 'c', 'p'].map(sessionId))
      expect(await asked()).toEqual([p, a, b, c])
      expect(await store.sessionsToCategorize(project, { before: '2026-08-01T12:44:00Z', limit: 10 })).toHaveLength(2)

      const ended = await store.sessionsToCategorize(project, { before, limit: 10 })
      const goal = {
        sessionId: a ?? '',
        category: 'find-invoices',
        name: 'Find invoices',
        outcome: 'success',
        reasoning: 'it found them',
        method: 'rule',
        model: '',
        contentHash: ended.find(({ id }) => id === a)?.contentHash ?? '',
      }
      await store.setSessionGoals(project, [goal], 2)
      // An earlier run that ends later.
      await store.setSessionGoals(project, [{ ...goal, category: 'other', name: 'Other' }], 1)
      expect(await asked()).toEqual([p, b, c])
      expect(await store.getSession(project, a ?? '')).toMatchObject({
        goal: { id: 'find-invoices', name: 'Find invoices', outcome: 'success' },
      })
      const chosen = await store.listSessions({ project, goal: 'find-invoices' }, { limit: 10 })
      expect(chosen.items.map(({ id, goal: given }) => [id, given?.name])).toEqual([[a, 'Find invoices']])
      expect((await store.overview({ ...filter, goal: 'find-invoices' })).current).toMatchObject({
        sessions: 1,
        calls: 4,
      })
      expect((await store.facets(filter, 10)).goal).toEqual([{ value: 'find-invoices', count: 1 }])

      const late = { 'mcp.session.id': 'a', 'mcp.client.name': 'cursor', 'user.id': 'ada', 'mcp.method.name': 'ping' }
      await store.write(
        traces([{ n: 901_010, startMs: T0 + 150_000, attributes: { ...late, 'gen_ai.tool.name': '' } }], {
          'mcpcat.project.id': project,
        }),
      )
      expect(await asked()).toEqual([p, a, b, c])
    })

    test('pages show each item once while new ones arrive', async () => {
      const name = 'arriving'
      const write = async (numbers: readonly number[]): Promise<void> => {
        await store.write(
          traces(
            numbers.map((number) => ({
              n: 902_000 + number,
              startMs: T0 + (number % 4) * 1000 + (number >= 20 ? 60_000 : 0),
              attributes: {
                'mcp.session.id': `r${number}`,
                'user.id': `u${number}`,
                'mcpcat.intent': `Intent ${number}`,
                'mcpcat.missing_tool': 'true',
              },
            })),
            { 'mcpcat.project.id': name },
          ),
        )
      }
      await write(Array.from({ length: 20 }, (_, i) => i))
      await write(Array.from({ length: 15 }, (_, i) => i))
      let arriving = 20
      const lists: Record<string, (cursor?: string) => Promise<Page<string>>> = {
        sessions: async (cursor) =>
          ids(await store.listSessions({ project: name }, { limit: 6, ...after(cursor) }), (item) => item.id),
        intents: async (cursor) =>
          ids(await store.listIntents({ project: name }, { limit: 6, ...after(cursor) }), (item) => item.eventId),
        users: async (cursor) =>
          ids(await store.listUsers({ ...day, project: name }, { limit: 6, ...after(cursor) }), (item) => item.id),
        missing: async (cursor) =>
          ids(await store.listMissingTools({ project: name }, { limit: 6, ...after(cursor) }), (item) => item.eventId),
      }
      for (const [list, page] of Object.entries(lists)) {
        const there = arriving
        const seen: string[] = []
        let cursor: string | undefined
        do {
          const { items, nextCursor } = await page(cursor)
          seen.push(...items)
          cursor = nextCursor ?? undefined
          if (seen.length === 6) await write([arriving++])
        } while (cursor)
        expect(seen, list).toHaveLength(there)
        expect(new Set(seen).size, list).toBe(there)
      }
      const { nextCursor } = await store.listUsers({ ...day, project: name }, { limit: 6 })
      await expect(store.listIntents({ project: name }, { limit: 6, cursor: nextCursor ?? '' })).rejects.toThrow(
        InvalidCursorError,
      )
    })

    test('another project sees nothing of it', async () => {
      const other: PeriodFilter = { ...day, project: 'elsewhere' }
      expect((await store.overview(other)).current).toMatchObject({ sessions: 0, users: 0, calls: 0, errors: 0 })
      expect((await store.timeseries(other)).buckets.filter(({ calls, sessions }) => calls + sessions > 0)).toEqual([])
      expect(await store.breakdown(other, 'client', 10)).toEqual([])
      expect(Object.values(await store.facets(other, 10)).flat()).toEqual([])
      expect((await store.listIntents(other, { limit: 10 })).items).toEqual([])
      expect((await store.intentFacets(other)).total).toBe(0)
      expect(await store.intentSignals(other, 10)).toEqual({ new: [], gone: [] })
      expect(await store.listTools(other, 10)).toEqual([])
      expect(await store.getTool({ ...other, tool: 'search' })).toBeNull()
      expect(await store.toolVersions('elsewhere', 'search')).toEqual([])
      expect(await store.toolNeighbors({ ...other, tool: 'search' }, 10)).toEqual([])
      expect((await store.listIssues(other, { limit: 10 })).items).toEqual([])
      expect(await store.getIssue(other, 'v1:aa')).toBeNull()
      expect((await store.listUsers(other, { limit: 10 })).items).toEqual([])
      expect(await store.getUser(other, 'ada')).toBeNull()
      expect(await store.listClients(other, 10)).toEqual([])
      expect((await store.listMissingTools(other, { limit: 10 })).items).toEqual([])
      expect(await store.sessionsToCategorize('elsewhere', { before: '2030-01-01T00:00:00Z', limit: 10 })).toEqual([])
      const a = await sessionId('a')
      await store.setSessionGoals('elsewhere', [
        {
          sessionId: a,
          category: 'x',
          name: 'X',
          outcome: '',
          reasoning: '',
          method: 'rule',
          model: '',
          contentHash: '',
        },
      ])
      expect(await store.getSession(project, a)).not.toMatchObject({ goal: { id: 'x' } })
    })
  })
}

function after(cursor: string | undefined): { cursor?: string } {
  return cursor === undefined ? {} : { cursor }
}

function ids<Item>({ items, nextCursor }: Page<Item>, idOfItem: (item: Item) => string): Page<string> {
  return { items: items.map(idOfItem), nextCursor }
}
