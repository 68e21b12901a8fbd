import { beforeAll, describe, expect, test } from 'vitest'
import { InvalidCursorError } from '../reading/page.js'
import type { Session } from '../reading/sessions.js'
import type { Store } from '../store.js'
import { T0, traces } from './spans.js'

const MINUTE = 60_000

/** Of sessions. */
export function describeLists(opened: () => Store): void {
  describe('a list', () => {
    let store: Store
    let counter = 920_000
    const next = (): number => counter++
    beforeAll(() => {
      store = opened()
    })

    test('page through every session once, in every order', async () => {
      const resource = { 'mcpcat.project.id': 'pages' }
      await store.write(
        traces(
          Array.from({ length: 25 }, (_, i) => ({
            n: next(),
            // Ties on purpose.
            startMs: T0 + (i % 5) * 1000,
            durationMs: i % 3,
            attributes: { 'mcp.session.id': `p${i}` },
          })),
          resource,
        ),
      )
      for (const sort of ['start', 'activity', 'duration'] as const) {
        const seen: string[] = []
        let cursor: string | undefined
        do {
          const page = await store.listSessions({ project: 'pages' }, { limit: 7, sort, ...(cursor ? { cursor } : {}) })
          seen.push(...page.items.map(({ id }) => id))
          cursor = page.nextCursor ?? undefined
        } while (cursor)
        expect(seen).toHaveLength(25)
        expect(new Set(seen).size).toBe(25)
      }
      await expect(store.listSessions({ project: 'pages' }, { limit: 7, cursor: 'x' })).rejects.toThrow(
        InvalidCursorError,
      )
    })

    test('filter', async () => {
      const project = 'filters'
      const resource = { 'mcpcat.project.id': project }
      await store.write(
        traces(
          [
            {
              n: next(),
              startMs: T0,
              attributes: { 'mcp.session.id': 'f1', 'mcpcat.intent': 'Find the Invoice of May', 'user.id': 'ada' },
            },
            {
              n: next(),
              startMs: T0 + 60 * MINUTE,
              error: 'no',
              attributes: { 'mcp.session.id': 'f2', 'gen_ai.tool.name': 'pay', 'mcp.client.name': 'cursor' },
            },
          ],
          resource,
        ),
      )
      const ids = async (filter: object): Promise<string[]> =>
        (await store.listSessions({ project, ...filter }, { limit: 10 })).items.flatMap(
          ({ mcpSessionIds }) => mcpSessionIds,
        )
      expect(await ids({})).toEqual(['f2', 'f1'])
      expect(await ids({ status: 'error' })).toEqual(['f2'])
      expect(await ids({ status: 'ok' })).toEqual(['f1'])
      expect(await ids({ tool: 'pay' })).toEqual(['f2'])
      expect(await ids({ client: 'cursor' })).toEqual(['f2'])
      expect(await ids({ user: 'ada' })).toEqual(['f1'])
      expect(await ids({ q: 'invoice may' })).toEqual(['f1'])
      expect(await ids({ q: "'; DROP TABLE sessions" })).toEqual([])
      expect(await ids({ to: '2026-08-01T12:30:00Z' })).toEqual(['f1'])
      expect(await ids({ from: '2026-08-01T12:30:00Z' })).toEqual(['f2'])
      expect(await ids({ source: 'handle' })).toEqual([])
    })

    test('never cross projects', async () => {
      const one = traces([{ n: next(), startMs: T0, attributes: { 'mcp.session.id': 'same', 'user.id': 'ada' } }], {
        'mcpcat.project.id': 'one',
      })
      const two = traces([{ n: next(), startMs: T0, attributes: { 'mcp.session.id': 'same', 'user.id': 'ada' } }], {
        'mcpcat.project.id': 'two',
      })
      const none = traces([{ n: next(), startMs: T0, attributes: { 'mcp.session.id': 'same' } }])
      await Promise.all([store.write(one), store.write(two), store.write(none)])
      for (const project of ['one', 'two', 'default']) {
        expect((await sessionsOf(store, project)).map((session) => session.eventCount)).toEqual([1])
      }
      const [session] = await sessionsOf(store, 'one')
      expect(await store.getSession('two', session?.id ?? '')).toBeNull()
      expect(await store.projects()).toEqual(expect.arrayContaining(['default', 'one', 'two']))
    })
  })
}

async function sessionsOf(store: Store, project: string): Promise<Session[]> {
  return (await store.listSessions({ project }, { limit: 200 })).items
}
