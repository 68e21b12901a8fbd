import { expect, test } from 'vitest'
import { filterQuery, isNarrowed, readFilters, replayUrl, sessionsUrl } from './filters.js'

test('filters survive the way through the URL', () => {
  const filters = { project: 'a b', from: '-24h', client: 'Visual Studio Code', q: '"quoted" & more' }
  const query = Object.fromEntries(new URLSearchParams(filterQuery(filters)))
  expect(readFilters(query)).toEqual(filters)
})

test('equal filters are equal URLs, and strangers are dropped', () => {
  expect(sessionsUrl({ q: 'x', project: 'p' })).toBe(sessionsUrl({ project: 'p', q: 'x' }))
  expect(readFilters({ project: 'p', other: 'y', client: '' })).toEqual({ project: 'p' })
})

test('project and time do not narrow', () => {
  expect(isNarrowed({ project: 'p', from: '-24h', to: 'now' })).toBe(false)
  expect(isNarrowed({ project: 'p', status: 'error' })).toBe(true)
})

test('ids are escaped', () => {
  expect(replayUrl('p', 'a/b?c')).toBe('/sessions/a%2Fb%3Fc?project=p')
})
