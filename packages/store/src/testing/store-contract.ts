import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Session } from '../reading/sessions.js'
import type { Store } from '../store.js'
import { describeIssues } from './issues-contract.js'
import { describeLists } from './lists-contract.js'
import { describeReads } from './reads-contract.js'
import { eventIdOf, T0, traces } from './spans.js'

const MINUTE = 60_000

/** When it is, for a store under the contract. */
export const CONTRACT_NOW: number = T0 + 10 * MINUTE

/**
 * What every engine's store does.
 *
 * @param open opens the same store every time, with the clock at {@link CONTRACT_NOW}.
 */
export function describeStore(engine: string, open: () => Promise<Store>): void {
  describe(`a store on ${engine}`, () => {
    let store: Store
    let counter = 1
    const next = (): number => counter++

    beforeAll(async () => {
      store = await open()
    })

    afterAll(async () => {
      await store.close()
    })

    async function sessionsOf(project: string): Promise<Session[]> {
      return (await store.listSessions({ project }, { limit: 200 })).items
    }

    test('keeps apart what thousands of windows of one user do at once', async () => {
      const project = 'crowd'
      const ids = Array.from({ length: 4000 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`)
      const at = (id: string, startMs: number): Parameters<typeof traces>[0][number] => ({
        n: next(),
        startMs,
        durationMs: MINUTE,
        attributes: { 'user.id': 'everybody', 'mcp.session.id': id },
      })
      await store.write(
        traces(
          ids.map((id, i) => at(id, T0 + i)),
          { 'mcpcat.project.id': project },
        ),
      )
      await store.write(traces([at(ids[17] as string, T0 + MINUTE)], { 'mcpcat.project.id': project }))
      const events: number[] = []
      let cursor: string | undefined
      do {
        const page = await store.listSessions({ project }, { limit: 200, ...(cursor === undefined ? {} : { cursor }) })
        events.push(...page.items.map(({ eventCount }) => eventCount))
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      expect(events.toSorted((a, b) => b - a)).toEqual([2, ...Array<number>(3999).fill(1)])
    })

    describe('a session', () => {
      test('has counters, client, server, intent and tools of its events', async () => {
        const project = 'counters'
        const session = {
          'mcp.session.id': 's-1',
          'mcp.client.name': 'claude',
          'mcp.client.version': '2.0',
          'user.id': 'u1',
        }
        const n = [next(), next(), next()] as const
        await store.write(
          traces(
            [
              {
                n: n[0],
                startMs: T0,
                durationMs: 5,
                attributes: { ...session, 'mcp.method.name': 'initialize', 'gen_ai.tool.name': '' },
              },
              {
                n: n[1],
                startMs: T0 + 1000,
                durationMs: 12.5,
                attributes: {
                  ...session,
                  'mcpcat.intent': 'Add two numbers',
                  'gen_ai.tool.call.arguments': '{"a":1}',
                  'gen_ai.tool.call.result': '{"content":[]}',
                  'mcpcat.tag.team': 'blue',
                  'user.name': 'Ada',
                  'user.email': 'ada@example.com',
                  'mcpcat.user.plan': 'pro',
                },
              },
              {
                n: n[2],
                startMs: T0 + 2000,
                error: 'boom',
                exception: {
                  type: 'TypeError',
                  message: 'boom',
                  stack: 'TypeError: boom\n    at f (a.js:1:1) {\n  [cause]: Error: root\n',
                },
                attributes: {
                  ...session,
                  'gen_ai.tool.name': 'divide',
                  'error.type': 'TypeError',
                  'rpc.response.status_code': '-32603',
                },
              },
            ],
            { 'mcpcat.project.id': project },
          ),
        )
        const [found, ...others] = await sessionsOf(project)
        expect(others).toEqual([])
        expect(found).toEqual({
          id: expect.stringMatching(/^ses_[0-9a-z]{26}$/),
          project,
          start: '2026-08-01T12:00:00.000Z',
          end: '2026-08-01T12:00:02.000Z',
          active: true,
          source: 'protocol',
          confidence: 1,
          reason: 'one protocol session',
          user: { id: 'u1', name: 'Ada', traits: { email: 'ada@example.com', plan: 'pro' } },
          client: { name: 'claude', version: '2.0' },
          server: { name: 'test-server', version: null },
          protocolVersion: null,
          transport: null,
          eventCount: 3,
          toolCalls: 2,
          errors: 1,
          missingTools: 0,
          tools: ['add', 'divide'],
          firstIntent: 'Add two numbers',
          goal: null,
          mcpSessionIds: ['s-1'],
          supersedes: [],
          flags: [],
        } satisfies Session)
        expect(await store.getSession(project, found?.id ?? '')).toEqual(found)

        const events = await store.listSessionEvents(project, found?.id ?? '', { limit: 10 })
        expect(events.items.map((event) => [event.method, event.target, event.durationMs])).toEqual([
          ['initialize', null, 5],
          ['tools/call', 'add', 12.5],
          ['tools/call', 'divide', 0],
        ])
        expect(await store.getEvent(project, eventIdOf(n[1]))).toMatchObject({
          sessionId: found?.id,
          intent: 'Add two numbers',
          request: '{"a":1}',
          requestSize: 7,
          response: '{"content":[]}',
          error: null,
          tags: { team: 'blue' },
          resource: { 'service.name': 'test-server', 'mcpcat.project.id': project },
        })
        expect(await store.getEvent(project, eventIdOf(n[2]))).toMatchObject({
          isError: true,
          errorType: 'TypeError',
          jsonrpcCode: -32603,
          error: { type: 'TypeError', message: 'boom', causes: ['Error: root'] },
        })
      })

      test('is the same after redelivery', async () => {
        const batch = traces([{ n: next(), startMs: T0, attributes: { 'mcp.session.id': 'again' } }], {
          'mcpcat.project.id': 'again',
        })
        await store.write(batch)
        const before = await sessionsOf('again')
        await Promise.all([store.write(batch), store.write(batch)])
        expect(await sessionsOf('again')).toEqual(before)
        expect(before[0]?.eventCount).toBe(1)
      })

      test('takes in what came before a late identify, and its old id leads to it', async () => {
        const project = 'late'
        const resource = { 'mcpcat.project.id': project }
        await store.write(
          traces([{ n: next(), startMs: T0, attributes: { 'mcp.session.id': 'l', 'mcp.client.name': 'c' } }], resource),
        )
        const [anonymous] = await sessionsOf(project)
        expect(anonymous?.user).toBeNull()
        await store.write(
          traces(
            [
              {
                n: next(),
                startMs: T0 + 1000,
                attributes: { 'mcp.session.id': 'l', 'mcp.client.name': 'c', 'user.id': 'ada' },
              },
            ],
            resource,
          ),
        )
        const [identified, ...others] = await sessionsOf(project)
        expect(others).toEqual([])
        expect(identified).toMatchObject({ eventCount: 2, user: { id: 'ada' }, supersedes: [anonymous?.id] })
        expect(await store.getSession(project, anonymous?.id ?? '')).toEqual({ supersededBy: identified?.id })
        expect((await store.listSessionEvents(project, anonymous?.id ?? '', { limit: 10 })).items).toHaveLength(2)
      })

      test('gives its old id to the one with an earlier event', async () => {
        const project = 'earlier'
        const resource = { 'mcpcat.project.id': project }
        await store.write(traces([{ n: next(), startMs: T0 + 1000, attributes: { 'mcp.session.id': 'e' } }], resource))
        const [first] = await sessionsOf(project)
        await store.write(traces([{ n: next(), startMs: T0, attributes: { 'mcp.session.id': 'e' } }], resource))
        const [second] = await sessionsOf(project)
        await store.write(traces([{ n: next(), startMs: T0 - 1000, attributes: { 'mcp.session.id': 'e' } }], resource))
        const [third, ...others] = await sessionsOf(project)
        expect(others).toEqual([])
        expect(third?.supersedes).toEqual([second?.id ?? '', first?.id ?? ''].toSorted((a, b) => (a < b ? -1 : 1)))
        expect(await store.getSession(project, first?.id ?? '')).toEqual({ supersededBy: third?.id })
        expect(await store.getSession(project, second?.id ?? '')).toEqual({ supersededBy: third?.id })
      })
    })

    describeLists(() => store)

    test('readers never see mixed counters while writers write', async () => {
      const project = 'mixed'
      const resource = { 'mcpcat.project.id': project }
      const writing = new AbortController()
      const write = async (session: number): Promise<void> => {
        for (let round = 0; round < 4; round++) {
          // In pairs, one of which failed; a late identify moves them all to another session.
          const attributes = { 'mcp.session.id': `m${session}`, ...(round === 2 ? { 'user.id': `u${session}` } : {}) }
          const pair = [
            { n: next(), startMs: T0 + round * 1000, attributes },
            { n: next(), startMs: T0 + round * 1000 - 500, attributes, error: 'failed' },
          ]
          await store.write(traces(pair, resource))
        }
      }
      const read = async (): Promise<number> => {
        let seen = 0
        for (; !writing.signal.aborted || seen === 0; seen++) {
          for (const { eventCount, errors, toolCalls } of await sessionsOf(project)) {
            expect({ errors: errors * 2, toolCalls }).toEqual({ errors: eventCount, toolCalls: eventCount })
          }
        }
        return seen
      }
      const reading = read()
      await Promise.all([write(1), write(2), write(3)])
      writing.abort()
      expect(await reading).toBeGreaterThan(0)
      expect((await sessionsOf(project)).map(({ eventCount, user }) => [eventCount, user?.id])).toEqual(
        expect.arrayContaining([
          [8, 'u1'],
          [8, 'u2'],
          [8, 'u3'],
        ]),
      )
    }, 240_000)

    test('spans that are no MCP events are not stored', async () => {
      const batch = traces([{ n: next(), startMs: T0 }], { 'mcpcat.project.id': 'other-spans' })
      for (const span of batch.resourceSpans[0]?.scopeSpans[0]?.spans ?? []) span.attributes = []
      await store.write(batch)
      expect(await sessionsOf('other-spans')).toEqual([])
    })

    describeReads(() => store)
    describeIssues(() => store)

    test('a store that was closed opens with what it had', async () => {
      const before = await sessionsOf('counters')
      await store.close()
      store = await open()
      expect(await sessionsOf('counters')).toEqual(before)
    })
  })
}
