import { expect, test } from 'vitest'
import type { Page, Session } from '../../api/answers.js'
import { mergeSessions } from './merge-sessions.js'

const session = (id: string, supersedes: string[] = []): Session => ({ id, supersedes }) as Session
const page = (ids: string[], nextCursor: string | null = 'more'): Page<Session> => ({
  items: ids.map((id) => session(id)),
  nextCursor,
})
const ids = (sessions: Session[]): string[] => sessions.map(({ id }) => id)

test('new sessions come on top, older pages stay below', () => {
  const loaded = ['e', 'd', 'c', 'b', 'a'].map((id) => session(id))
  expect(ids(mergeSessions(loaded, page(['f', 'e', 'd'])))).toEqual(['f', 'e', 'd', 'c', 'b', 'a'])
})

test('a session that became part of another one goes, wherever it stood', () => {
  const loaded = ['d', 'c', 'b', 'a'].map((id) => session(id))
  const first = { items: [session('d', ['b']), session('c')], nextCursor: 'more' }
  expect(ids(mergeSessions(loaded, first))).toEqual(['d', 'c', 'a'])
})

test('what the first page holds no longer, goes', () => {
  const loaded = ['d', 'c', 'b', 'a'].map((id) => session(id))
  expect(ids(mergeSessions(loaded, page(['d', 'b'])))).toEqual(['d', 'b', 'a'])
})

test('a first page that is the last one is the list', () => {
  expect(ids(mergeSessions([session('x')], page(['b', 'a'], null)))).toEqual(['b', 'a'])
})

test('more new sessions than a page holds leave no duplicates', () => {
  const loaded = ['b', 'a'].map((id) => session(id))
  expect(ids(mergeSessions(loaded, page(['f', 'e'])))).toEqual(['f', 'e', 'b', 'a'])
})
