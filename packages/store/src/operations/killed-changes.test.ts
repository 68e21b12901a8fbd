import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../store.js'
import type { KillableOperation } from '../testing/killed-operation.js'
import { crashRounds, killableOperations, seededRandom } from '../testing/killed-operation.js'
import { writeOldStore } from '../testing/old-store.js'
import { T0, traces } from '../testing/spans.js'

const EVENTS = 600
const USERS = 60
/** Raw sessions that retention comes to. */
const AGING = 160
const HOUR = 3_600_000
const DAY = 24 * HOUR
const rounds = crashRounds(2)
const TIMEOUT_MS = 60_000 + rounds * 30_000
let folder: string
let data: string
let random: () => number
let operation: KillableOperation

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-killed-changes-'))
  data = join(folder, 'data')
  random = seededRandom('kill -9 in delete-user, reconcile, retention and migrations')
  operation = await killableOperations(folder, random, 400)
  const store = await openStore({ engine: 'chdb', path: data })
  await store.write(history())
  await store.close()
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Raw sessions that two users share, with anonymous events that one of them lends an identity. */
function history(): ReturnType<typeof traces> {
  return traces(
    Array.from({ length: EVENTS }, (_, n) => ({
      n: n + 1,
      startMs: T0 + n * 1000,
      attributes: {
        'mcp.session.id': `s${n % (USERS / 2)}`,
        'mcp.client.name': 'c',
        ...(isAnonymous(n) ? {} : { 'user.id': `u${n % USERS}` }),
      },
    })),
  )
}

function isAnonymous(n: number): boolean {
  return n % 5 === 4
}

/** Each deletion takes one. */
const users: string[] = Array.from({ length: USERS }, (_, n) => n)
  .filter((n) => !isAnonymous(n))
  .map((n) => `u${n}`)

interface Found {
  readonly events: number
  readonly sessionsOfUser: number
}

/** Opens the store, as the next start does, and checks it. */
async function open(path: string, user = ''): Promise<Found> {
  const store = await openStore({ engine: 'chdb', path })
  try {
    const reports = await store.operations.verify()
    expect(reports.flatMap(({ problems }) => problems)).toEqual([])
    const { items } = await store.listSessions({ project: 'default', ...(user ? { user } : {}) }, { limit: 200 })
    return { events: reports[0]?.events ?? 0, sessionsOfUser: items.length }
  } finally {
    await store.close()
  }
}

test(
  'a user is deleted wholly or not at all, whenever the process ends',
  async () => {
    let { events } = await open(data)
    expect(events).toBe(EVENTS)
    for (let round = 0; round < rounds; round++) {
      const user = users[round % users.length] as string
      const done = await operation.runAndKill('deleteUser', data, 'default', user)
      const after = await open(data, user)
      if (done) expect(after.sessionsOfUser).toBe(0)
      if (after.sessionsOfUser > 0) expect(after.events).toBe(events)
      else if (round < users.length) expect(after.events).toBeLessThan(events)
      events = after.events
    }
  },
  TIMEOUT_MS,
)

test(
  'a reconcile that was killed has changed nothing that was right',
  async () => {
    const { events } = await open(data)
    for (let round = 0; round < rounds; round++) {
      await operation.runAndKill('reconcile', data)
      expect((await open(data)).events).toBe(events)
    }
  },
  TIMEOUT_MS,
)

test(
  'retention that was killed has taken nothing of what is kept, and comes to its end when it is done again',
  async () => {
    const path = join(folder, 'aging')
    const now = Date.now()
    const aging = await openStore({ engine: 'chdb', path })
    // A raw session is two events, ten minutes apart; one begins every six hours.
    await aging.write(
      traces(
        Array.from({ length: AGING * 2 }, (_, n) => ({
          n: n + 1,
          startMs: now - (AGING - (n >> 1)) * 6 * HOUR + (n % 2) * (HOUR / 6),
          attributes: { 'mcp.session.id': `s${n >> 1}`, 'mcp.client.name': 'c', 'user.id': `u${(n >> 1) % 7}` },
        })),
      ),
    )
    await aging.close()
    const oldest = AGING / 4
    for (let round = 1; round <= rounds; round++) {
      // Between two raw sessions.
      const days = Math.floor(oldest * (1 - round / (rounds + 1))) + 0.1
      await operation.runAndKill('applyRetention', path, { days, projects: {} })
      const store = await openStore({ engine: 'chdb', path }, () => now)
      const kept = async (): Promise<[string, number][]> => {
        const { items } = await store.listSessions(
          { project: 'default', from: new Date(now - days * DAY).toISOString() },
          { limit: 200 },
        )
        return items.map(({ id, eventCount }) => [id, eventCount])
      }
      const before = await kept()
      expect(before.length).toBeGreaterThan(0)
      for (const [id, count] of before)
        expect((await store.listSessionEvents('default', id, { limit: 10 })).items).toHaveLength(count)
      await store.operations.applyRetention({ days, projects: {} })
      const reports = await store.operations.verify()
      expect(reports.flatMap(({ problems }) => problems)).toEqual([])
      expect(await kept()).toEqual(before)
      expect(reports[0]?.events).toBe(before.reduce((sum, [, count]) => sum + count, 0))
      await store.close()
    }
  },
  TIMEOUT_MS,
)

test(
  'a store of an earlier schema comes up to date through many killed starts, and keeps what it had',
  async () => {
    const path = join(folder, 'old')
    await writeOldStore(path, history())
    for (let round = 0; round < rounds * 2; round++) await operation.runAndKill('open', path)
    expect((await open(path)).events).toBe(EVENTS)

    // And from nothing, so that every migration of all is killed now and then.
    for (let round = 0; round < rounds * 2; round++) {
      const fresh = join(folder, `fresh-${round >> 1}`)
      await operation.runAndKill('open', fresh)
      if (round % 2 === 1) expect((await open(fresh)).events).toBe(0)
    }
  },
  2 * TIMEOUT_MS,
)
