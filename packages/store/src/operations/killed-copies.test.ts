import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../store.js'
import type { KillableOperation } from '../testing/killed-operation.js'
import { crashRounds, killableOperations, seededRandom } from '../testing/killed-operation.js'
import { T0, traces } from '../testing/spans.js'
import { restore } from './restore.js'

const EVENTS = 2000
const rounds = crashRounds(1)
const TIMEOUT_MS = 60_000 + rounds * 30_000
let folder: string
let data: string
let operation: KillableOperation

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-killed-copies-'))
  data = join(folder, 'data')
  operation = await killableOperations(folder, seededRandom('kill -9 in backup, restore and import'), 150)
  const store = await openStore({ engine: 'chdb', path: data })
  await store.write(
    traces(
      Array.from({ length: EVENTS }, (_, n) => ({
        n: n + 1,
        startMs: T0 + n * 1000,
        attributes: { 'mcp.session.id': `s${n % 40}`, 'user.id': `u${n % 7}`, 'mcp.client.name': 'c' },
      })),
    ),
  )
  await store.operations.backup('whole')
  await store.operations.exportProject('default', join(folder, 'default.parquet'))
  await store.close()
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** Opens the store, as the next start does, and checks it. */
async function expectWell(path: string, events?: number): Promise<void> {
  const store = await openStore({ engine: 'chdb', path })
  const reports = await store.operations.verify()
  await store.close()
  expect(reports.flatMap(({ problems }) => problems)).toEqual([])
  if (events !== undefined) expect(reports.map((report) => report.events)).toEqual([events])
}

test(
  'a backup that was killed leaves the store as it was, and no half of itself',
  async () => {
    for (let round = 0; round < rounds; round++) {
      const name = `night-${round}`
      const done = await operation.runAndKill('backup', data, name)
      await expectWell(data, EVENTS)
      const backups = await readdir(join(data, 'backups'))
      expect(backups.filter((each) => each.endsWith('.partial'))).toEqual([])
      if (done) expect(backups).toContain(name)
      if (!backups.includes(name)) continue
      // Complete under its name, however early the process ended.
      const restored = join(folder, `of-${name}`)
      await restore(join(data, 'backups', name), restored)
      await expectWell(restored, EVENTS)
    }
  },
  TIMEOUT_MS,
)

test(
  'a restore that was killed is told from a store, and started over',
  async () => {
    const backup = join(data, 'backups', 'whole')
    for (let round = 0; round < rounds; round++) {
      const path = join(folder, `restored-${round}`)
      await operation.runAndKill('restore', path, backup)
      if (!existsSync(join(path, 'chdb'))) {
        if (existsSync(join(path, 'chdb.partial'))) {
          const opened = openStore({ engine: 'chdb', path })
          await expect(opened).rejects.toThrow(UserError)
          await expect(opened).rejects.toThrow('was cut off: run `mcpcat store restore` again')
        }
        await restore(backup, path)
      }
      await expectWell(path, EVENTS)
    }
  },
  TIMEOUT_MS,
)

test(
  'an import, and adding a backup, may be killed and done again',
  async () => {
    for (const [name, argument] of [
      ['importProject', join(folder, 'default.parquet')],
      ['mergeBackup', ''],
    ] as const) {
      for (let round = 0; round < rounds; round++) {
        const path = join(folder, `${name}-${round}`)
        const parameter = argument || join(path, 'backups', 'whole')
        const store = await openStore({ engine: 'chdb', path })
        await store.write(
          traces([{ n: 1_000_000, startMs: T0, attributes: { 'user.id': 'u1', 'mcp.client.name': 'c' } }]),
        )
        await store.close()
        if (!argument) await copyBackup(path)
        await operation.runAndKill(name, path, parameter)
        await expectWell(path)
        const again = await openStore({ engine: 'chdb', path })
        await (name === 'importProject'
          ? again.operations.importProject(parameter)
          : again.operations.mergeBackup(parameter))
        await again.close()
        await expectWell(path, EVENTS + 1)
      }
    }
  },
  2 * TIMEOUT_MS,
)

async function copyBackup(path: string): Promise<void> {
  await cp(join(data, 'backups', 'whole'), join(path, 'backups', 'whole'), { recursive: true })
}
