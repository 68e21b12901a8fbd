import { beforeAll, describe, expect, test } from 'vitest'
import type { PeriodFilter } from '../reading/filter.js'
import type { Issue } from '../reading/issues.js'
import type { Store } from '../store.js'
import { eventIdOf, T0, traces } from './spans.js'

const MINUTE = 60_000
const project = 'issues'
const filter: PeriodFilter = { project, from: '2026-08-01T12:00:00Z', to: '2026-08-01T14:00:00Z' }

/** With the clock at 12:10, see CONTRACT_NOW. */
export function describeIssues(opened: () => Store): void {
  describe('issues', () => {
    let store: Store
    beforeAll(async () => {
      store = opened()
      // Before the period, too.
      await fail(910_000, -60, { fingerprint: 'v1:cc', user: 'ada', message: 'early' })
      await fail(910_001, 1, { fingerprint: 'v1:cc', user: 'ada', message: 'first\nof lines' })
      await fail(910_002, 2, { fingerprint: 'v1:cc', user: 'bob', message: 'second' })
      await fail(910_003, 3, { fingerprint: 'v1:dd', message: 'other' })
      await fail(910_004, 4, { fingerprint: '', message: 'not fingerprinted' })
      await fail(910_005, 5, { fingerprint: '', message: 'not fingerprinted 2' })
    })

    async function fail(
      n: number,
      minute: number,
      what: { fingerprint: string; user?: string; message: string },
    ): Promise<void> {
      const attributes = {
        'mcp.session.id': `s${n}`,
        'error.type': 'TypeError',
        ...(what.fingerprint ? { 'mcpcat.error.fingerprint': what.fingerprint } : {}),
        ...(what.user ? { 'user.id': what.user } : {}),
      }
      const span = { n, startMs: T0 + minute * MINUTE, error: what.message, attributes }
      await store.write(traces([span], { 'mcpcat.project.id': project }))
    }

    const list = async (): Promise<Issue[]> => (await store.listIssues(filter, { limit: 10 })).items

    test('are failures with the same fingerprint, or of the same place and type without one', async () => {
      const [unnamed, dd, cc, ...others] = await list()
      expect(others).toEqual([])
      expect(unnamed).toMatchObject({ count: 2, sessions: 2, users: 0, sampleEventId: eventIdOf(910_005) })
      expect(unnamed?.id).toMatch(/^v0:/)
      expect(dd).toMatchObject({ id: 'v1:dd', count: 1 })
      expect(cc).toEqual({
        id: 'v1:cc',
        status: 'open',
        statusChangedAt: null,
        title: 'TypeError: second',
        errorType: 'TypeError',
        server: 'test-server',
        tool: 'add',
        firstSeen: '2026-08-01T11:00:00.000Z',
        lastSeen: '2026-08-01T12:02:00.000Z',
        count: 2,
        users: 2,
        sessions: 2,
        sampleEventId: eventIdOf(910_002),
      } satisfies Issue)
    })

    test('are listed in every order, page by page', async () => {
      for (const [sort, expected] of [
        ['last_seen', ['v0', 'v1:dd', 'v1:cc']],
        ['first_seen', ['v0', 'v1:dd', 'v1:cc']],
        ['count', ['v1:cc', 'v0', 'v1:dd']],
      ] as const) {
        const seen: string[] = []
        let cursor: string | undefined
        do {
          const page = await store.listIssues(filter, { limit: 1, sort, ...(cursor === undefined ? {} : { cursor }) })
          seen.push(...page.items.map(({ id }) => (id.startsWith('v0') ? 'v0' : id)))
          cursor = page.nextCursor ?? undefined
        } while (cursor)
        expect(seen, sort).toEqual(expected)
      }
    })

    test('have details', async () => {
      const issue = await store.getIssue(filter, 'v1:cc')
      expect(issue).toMatchObject({ count: 2, users: 2, sessions: 2, fingerprints: ['v1:cc'], template: null })
      expect(issue?.samples.map(({ eventId, message }) => [eventId, message])).toEqual([
        [eventIdOf(910_002), 'second'],
        [eventIdOf(910_001), 'first\nof lines'],
      ])
      expect(issue?.samples.every(({ sessionId }) => sessionId.startsWith('ses_'))).toBe(true)
      expect(issue?.trend.buckets.filter(({ errors }) => errors > 0)).toEqual([
        { start: '2026-08-01T12:01:00.000Z', errors: 1 },
        { start: '2026-08-01T12:02:00.000Z', errors: 1 },
      ])
      const later = { ...filter, from: '2026-08-03T00:00:00Z', to: '2026-08-04T00:00:00Z' }
      expect(await store.getIssue(later, 'v1:cc')).toMatchObject({ count: 0, title: 'TypeError: second' })
      expect(await store.getIssue(filter, 'v1:unheard-of')).toBeNull()
    })

    test('are resolved, come back, are ignored and opened again', async () => {
      const status = async (): Promise<string | undefined> => (await store.getIssue(filter, 'v1:cc'))?.status
      await store.setIssueStatus(project, 'v1:cc', 'resolved')
      expect(await status()).toBe('resolved')
      expect((await store.listIssues({ ...filter, issueStatus: 'resolved' }, { limit: 10 })).items).toMatchObject([
        { id: 'v1:cc', status: 'resolved', statusChangedAt: '2026-08-01T12:10:00.000Z' },
      ])
      await fail(910_010, 20, { fingerprint: 'v1:cc', message: 'again' })
      expect(await status()).toBe('regressed')
      expect((await store.listIssues({ ...filter, issueStatus: 'regressed' }, { limit: 10 })).items).toMatchObject([
        { id: 'v1:cc', count: 3 },
      ])
      await store.setIssueStatus(project, 'v1:cc', 'ignored')
      expect(await status()).toBe('ignored')
      await store.setIssueStatus(project, 'v1:cc', 'open')
      expect(await status()).toBe('open')
    })

    test('become part of another one, and their own again', async () => {
      await store.redirectIssue(project, 'v1:dd', 'v1:cc')
      expect((await list()).map(({ id, count }) => [id.slice(0, 5), count])).toEqual([
        ['v1:cc', 4],
        [expect.stringMatching(/^v0:/), 2],
      ])
      expect(await store.getIssue(filter, 'v1:dd')).toBeNull()
      expect((await store.getIssue(filter, 'v1:cc'))?.fingerprints.toSorted()).toEqual(['v1:cc', 'v1:dd'])
      await store.redirectIssue(project, 'v1:dd', 'v1:dd')
      expect((await store.getIssue(filter, 'v1:dd'))?.count).toBe(1)
    })
  })
}
