import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Session } from '../reading/sessions.js'
import type { Store } from '../store.js'
import { readSql } from '../operate.js'
import { openStore } from '../store.js'
import { eventIdOf, T0, traces } from '../testing/spans.js'
import { restore } from './restore.js'

const DAY = 86_400_000
let path: string
let store: Store
let counter = 1
const next = (): number => counter++

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-operations-'))
  await open('data')
})

afterAll(async () => {
  await store.close()
  await rm(path, { recursive: true, force: true })
})

async function open(folder: string): Promise<void> {
  store = await openStore({ engine: 'chdb', path: join(path, folder) }, () => T0)
}

async function write(project: string, startMs: number, attributes: Record<string, string>): Promise<number> {
  const n = next()
  await store.write(traces([{ n, startMs, attributes }], { 'mcpcat.project.id': project }))
  return n
}

async function sessionsOf(project: string): Promise<Session[]> {
  return (await store.listSessions({ project }, { limit: 200 })).items
}

async function giveGoals(project: string, user?: string): Promise<void> {
  const sessions = (await sessionsOf(project)).filter((session) => user === undefined || session.user?.id === user)
  const goal = { category: 'g', name: 'G', outcome: '', reasoning: '', method: 'rule', model: '', contentHash: '' }
  await store.setSessionGoals(
    project,
    sessions.map(({ id }) => ({ ...goal, sessionId: id })),
  )
}

async function expectWell(): Promise<void> {
  expect((await store.operations.verify()).flatMap(({ problems }) => problems)).toEqual([])
}

test('retention deletes sessions that ended before it, whole, and only of projects that have one', async () => {
  for (const project of ['keeps', 'forgets']) {
    await write(project, T0 - 40 * DAY, { 'mcp.session.id': `old-${project}` })
    await write(project, T0 - 30 * DAY - 600_000, { 'mcp.session.id': `around-${project}` })
    await write(project, T0 - 30 * DAY + 600_000, { 'mcp.session.id': `around-${project}` })
    await write(project, T0 - DAY, { 'mcp.session.id': `new-${project}` })
  }
  await giveGoals('forgets')
  await store.operations.applyRetention({ projects: { forgets: { days: 30 } } })
  expect((await sessionsOf('keeps')).map(({ eventCount }) => eventCount)).toEqual([1, 2, 1])
  const left = await sessionsOf('forgets')
  expect(left.map(({ mcpSessionIds, eventCount }) => [mcpSessionIds[0], eventCount])).toEqual([
    ['new-forgets', 1],
    ['around-forgets', 2],
  ])
  await expectWell()
})

test('deleting a user deletes what was the user’s, and re-keys what remains', async () => {
  const project = 'privacy'
  const anonymous = await write(project, T0, { 'mcp.session.id': 'shared' })
  const own = await write(project, T0 + 1000, { 'mcp.session.id': 'shared', 'user.id': 'ada', 'mcp.client.name': 'c' })
  const bobs = await write(project, T0 + 2000, { 'mcp.session.id': 'shared', 'user.id': 'bob' })
  const stateless = await write(project, T0 + 3000, { 'user.id': 'ada' })
  const earlier = (await sessionsOf(project)).map(({ id }) => id)
  await giveGoals(project, 'ada')
  await store.operations.deleteUser(project, 'ada')

  for (const n of [anonymous, own, stateless]) expect(await store.getEvent(project, eventIdOf(n))).toBeNull()
  const [bob, ...others] = await sessionsOf(project)
  expect(others).toEqual([])
  // The client's name had come from the deleted event.
  expect(bob).toMatchObject({ user: { id: 'bob' }, client: null, eventCount: 1 })
  expect(await store.getEvent(project, eventIdOf(bobs))).toMatchObject({ sessionId: bob?.id })
  for (const id of earlier) {
    const found = await store.getSession(project, id)
    expect(found === null || ('supersededBy' in found && found.supersededBy === bob?.id) || id === bob?.id).toBe(true)
  }
  await expectWell()
})

test('a project exported and imported has the same sessions, with their goals', async () => {
  const file = join(path, 'export.parquet')
  await store.operations.exportProject('forgets', join(path, 'with-goals.parquet'))
  expect(existsSync(join(path, 'with-goals.goals.parquet'))).toBe(true)
  await store.operations.exportProject('keeps', file)
  expect(existsSync(join(path, 'export.goals.parquet'))).toBe(false)
  const before = await sessionsOf('keeps')
  const withGoals = await sessionsOf('forgets')
  expect(withGoals.map(({ goal }) => goal?.name)).toEqual(['G', 'G'])
  await store.close()
  await open('imported')
  await store.operations.importProject(file)
  expect(await sessionsOf('keeps')).toEqual(before)
  await store.operations.importProject(file)
  expect(await sessionsOf('keeps')).toEqual(before)
  await store.operations.importProject(join(path, 'with-goals.parquet'))
  expect(await sessionsOf('forgets')).toEqual(withGoals)
  // A session that has become another one here, with an earlier event, has no goal that is of it.
  const [, around] = withGoals
  await write('forgets', Date.parse(around?.start ?? '') - 1000, { 'mcp.session.id': around?.mcpSessionIds[0] ?? '' })
  await store.operations.importProject(join(path, 'with-goals.parquet'))
  expect((await sessionsOf('forgets')).map(({ goal }) => goal?.name)).toEqual(['G', undefined])
  await expectWell()
  await store.close()
  await open('data')
})

test('a backup of a running store restores to what it had then', async () => {
  const before = await sessionsOf('keeps')
  const writing = write('keeps', T0, { 'mcp.session.id': 'before' })
  const folder = await store.operations.backup('nightly')
  await writing
  await write('keeps', T0, { 'mcp.session.id': 'after' })
  await expect(store.operations.backup('nightly')).rejects.toThrow(UserError)
  await expect(store.operations.backup('../elsewhere')).rejects.toThrow(UserError)
  await store.close()

  await expect(restore(folder, join(path, 'data'))).rejects.toThrow('has a store already')
  await expect(restore(join(path, 'nothing'), join(path, 'restored'))).rejects.toThrow('no complete backup')
  await restore(folder, join(path, 'restored'))
  await open('restored')
  expect((await sessionsOf('keeps')).filter(({ mcpSessionIds }) => mcpSessionIds[0] !== 'before')).toEqual(before)
  await expectWell()
})

test('a person’s statement holds up nothing that is written', async () => {
  const limits = { maxSeconds: 10, maxResultBytes: 1000, maxMemoryBytes: 100_000_000 }
  let ended = false
  const statement = store
    .read('SELECT sum(sipHash64(number)) FROM numbers(1000000000000)', 'TSV', limits)
    .finally(() => (ended = true))
  const refused = expect(statement).rejects.toThrow('takes too long')
  for (let n = 0; n < 10; n++) await write('beside', T0 + n, { 'mcp.session.id': 'beside' })
  expect(ended).toBe(false)
  await refused
  expect((await sessionsOf('beside')).map(({ eventCount }) => eventCount)).toEqual([10])
  const tooLarge = store.read('SELECT groupArray(number) FROM numbers(100000000)', 'TSV', limits)
  await expect(tooLarge).rejects.toThrow('takes too much memory')
})

test('SQL reads, and does nothing else', async () => {
  await store.close()
  const options = { engine: 'chdb', path: join(path, 'data') } as const
  const read = async (statement: string): Promise<string> => {
    let answer = ''
    await readSql(options, statement, 'TSV', (text) => (answer += text))
    return answer
  }
  expect(await read('SELECT count() > 0 FROM events')).toBe('1\n')
  // Goals went with their sessions.
  expect(await read('SELECT project, count() FROM session_goals GROUP BY project')).toBe('forgets\t2\n')
  for (const statement of [
    'DROP TABLE events',
    'SET readonly = 0',
    'nonsense',
    'SELECT 1; DROP TABLE events',
    'WITH x AS (SELECT 1) INSERT INTO strands (project) SELECT * FROM x',
    "SELECT 1 INTO OUTFILE '/tmp/nowhere'",
    "SELECT file('/etc/hostname')",
    "SELECT `file`('/etc/hostname') -- harmless",
    "SELECT * FROM file('/etc/hostname', 'LineAsString')",
    "DESCRIBE TABLE url('http://127.0.0.1:1/')",
    "SELECT * FROM events WHERE 1 IN (SELECT 1 FROM s3('http://127.0.0.1:1/x'))",
    'SELECT 1 SETTINGS readonly = 0',
  ]) {
    await expect(read(statement), statement).rejects.toThrow(UserError)
  }
  expect(await read('SELECT count() > 0 FROM events')).toBe('1\n')
  expect(await read("SELECT format('{} into outfile file(x) SETTINGS', 'a')")).toContain('a into outfile')
  expect(await read('SELECT 1 AS n UNION ALL SELECT 2 AS n ORDER BY n')).toBe('1\n2\n')
  expect(await read('SHOW TABLES')).toContain('events')
  expect(await read('EXPLAIN SELECT 1')).toContain('ReadFrom')
  await open('data')
})

test('verify says what is wrong, and reconcile repairs it', async () => {
  expect(await store.operations.verify()).toEqual(
    expect.arrayContaining([expect.objectContaining({ project: 'keeps', problems: [] })]),
  )
  const seen: number[] = []
  await store.operations.reconcile((done, total) => seen.push(done, total))
  expect(seen.length).toBeGreaterThan(0)
  await expectWell()
})
