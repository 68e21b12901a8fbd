import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testContext } from '@mcpcat/collector/testing'
import type { SessionRules, TrackedEvent } from '@mcpcat/sessions'
import { defaultRules, readStrand, sessionRules, sessionTracker } from '@mcpcat/sessions'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { persistentTracker, type PersistentTracker } from './persistent-tracker.js'

const MINUTE = 60_000_000_000n
const T0 = BigInt(Date.UTC(2026, 7, 1, 12)) * 1_000_000n
const LIMITS = { maxStrands: 1000, rememberMs: 7_200_000 }
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-tracker-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (rules: SessionRules = defaultRules): Promise<PersistentTracker> =>
  persistentTracker(folder, rules, LIMITS, testContext('sessions'), (placement) => placement)

/** Three users with two clients' raw sessions each, in order. */
function history(count: number): TrackedEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const attributes: Record<string, string> = {
      'mcp.session.id': `s${n % 6}`,
      'mcp.client.name': 'client',
      ...(n % 4 === 0 ? {} : { 'user.id': `u${n % 3}` }),
    }
    const eventId = n.toString(16).padStart(16, '0')
    const start = T0 + BigInt(n) * MINUTE
    const strand = readStrand((name) => attributes[name], { eventId, traceId: eventId }, defaultRules)
    return { eventId, start, end: start + 1_000_000n, strand }
  })
}

test('goes on where the one before it stopped, whenever that was killed, as if it never had been', async () => {
  const events = history(120)
  const uninterrupted = sessionTracker(defaultRules, LIMITS, Date.now)
  const expected = events.map((event) => uninterrupted.place([event])[0]?.sessionId)
  const found: (string | undefined)[] = []
  let tracker = await open()
  for (const [index, event] of events.entries()) {
    found.push((await tracker.place([event]))[0]?.sessionId)
    // Without a close, as a kill leaves it; or with one.
    if (index % 17 === 5) tracker = await open()
    if (index % 40 === 39) {
      await tracker.close()
      tracker = await open()
    }
  }
  expect(found).toEqual(expected)
  await tracker.close()
})

test('what is torn, damaged or missing is forgotten, and does no harm', async () => {
  const [first, second, third] = history(3) as [TrackedEvent, TrackedEvent, TrackedEvent]
  const damages: (() => Promise<void>)[] = [
    async () => truncate(join(folder, 'tail.jsonl'), (await readFile(join(folder, 'tail.jsonl'))).length - 5),
    async () => truncate(join(folder, 'snapshot.jsonl'), 3),
    () => writeFile(join(folder, 'snapshot.jsonl'), Buffer.from([0, 255, 10, 13, 0])),
    async () =>
      writeFile(join(folder, 'tail.jsonl'), (await readFile(join(folder, 'tail.jsonl'), 'utf8')).replace('u1', 'u2')),
    () => rm(join(folder, 'snapshot.jsonl')),
    () => rm(join(folder, 'tail.jsonl')),
  ]
  for (const damage of damages) {
    await (await open()).place([first, second])
    await damage()
    const tracker = await open()
    expect(await tracker.place([third])).toHaveLength(1)
    await tracker.close()
  }
  expect((await readdir(folder)).toSorted()).toEqual(['snapshot.jsonl', 'tail.jsonl'])
})

test('what was remembered under other rules is forgotten', async () => {
  const [first] = history(1) as [TrackedEvent]
  await (await open()).place([first])
  const other = await open(sessionRules({ gapMs: 1000, handles: [], ladder: ['raw'] }))
  expect(await other.place([])).toEqual([])
  await other.close()
})

test('the file stays small however many events pass', async () => {
  const tracker = await open()
  for (let round = 0; round < 40; round += 1) await tracker.place(history(500))
  const sizes = await Promise.all(
    ['snapshot.jsonl', 'tail.jsonl'].map(async (name) => (await readFile(join(folder, name))).length),
  )
  expect(Math.max(...sizes)).toBeLessThan(2 * 1024 * 1024)
  await tracker.close()
})

test('a folder that is gone costs the memory of the next start, not the events', async () => {
  const tracker = await open()
  const [first, second] = history(2) as [TrackedEvent, TrackedEvent]
  await tracker.place([first])
  await rm(folder, { recursive: true })
  await tracker.close()
  expect(await tracker.place([second])).toHaveLength(1)
})
