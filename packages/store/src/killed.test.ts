import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from './store.js'
import { mulberry32 } from './testing/random.js'

let path: string

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-killed-'))
})

afterEach(async () => {
  await rm(path, { recursive: true, force: true })
})

/** Writes without end, and says which events the store has acknowledged. */
const writerScript = `
import { openStore } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
import { T0, traces } from ${JSON.stringify(new URL('../dist/testing/spans.js', import.meta.url).href)}
const [path, first] = process.argv.slice(2)
process.send('starting')
const store = await openStore({ engine: 'chdb', path })
for (let n = Number(first); ; n += 40) {
  const batches = Array.from({ length: 4 }, (_, b) => Array.from({ length: 10 }, (_, i) => n + b * 10 + i))
  await Promise.all(batches.map(async (batch) => {
    await store.write(traces(batch.map((n) => ({
      n, startMs: T0 + n * 100, durationMs: 5,
      attributes: { 'mcp.session.id': 's' + (n % 7), 'user.id': 'u' + (n % 3), 'mcp.client.name': 'c' },
    }))))
    process.send({ acknowledged: batch.length })
  }))
}
`

test('nothing acknowledged is lost by kill -9, in a first start or under load, and the store is consistent after', async () => {
  const script = join(path, 'writer.mjs')
  await writeFile(script, writerScript)
  const data = join(path, 'data')
  const random = mulberry32(7)
  let acknowledged = 0
  const rounds = 5
  for (let round = 0; round < rounds; round++) {
    const child = fork(script, [data, String(1 + round * 1_000_000)])
    child.on('message', (message: { acknowledged?: number }) => {
      acknowledged += message.acknowledged ?? 0
    })
    await once(child, 'message')
    // The first ones are killed while they open or migrate, the others between and during inserts.
    if (round >= 2) await messages(child, 2 + Math.floor(random() * 7))
    else await elapsed(60 + random() * 250)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  expect(acknowledged).toBeGreaterThan(0)

  const store = await openStore({ engine: 'chdb', path: data })
  const reports = await store.operations.verify()
  expect(reports.flatMap(({ problems }) => problems)).toEqual([])
  expect(reports[0]?.events).toBeGreaterThanOrEqual(acknowledged)
  await store.close()
}, 300_000)

async function messages(child: ChildProcess, count: number): Promise<void> {
  for (let seen = 0; seen < count; seen++) await once(child, 'message')
}

/** Not a wait for something to have happened: the moment of the kill is meant to be arbitrary. */
async function elapsed(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}
