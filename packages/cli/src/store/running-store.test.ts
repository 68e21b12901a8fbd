import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mcpcat, startMcpcat, type CollectorProcess, type Ready } from '../testing/collector-process.js'
import { startSenders } from '../testing/retrying-senders.js'
import { storedCollector, type StoredCollector } from '../testing/stored-collector.js'
import { expectExactly, servedEventIds } from '../testing/stored-events.js'

let store: StoredCollector
let folder: string
let collector: CollectorProcess
let ready: Ready

beforeEach(async () => {
  store = await storedCollector()
  folder = store.folder
  await start()
})

afterEach(() => store.remove())

async function start(): Promise<void> {
  collector = store.start()
  ready = await collector.ready
}

async function ok(...args: string[]): Promise<string> {
  const { code, output } = await mcpcat(folder, ...args)
  expect({ args, code, output: code === 0 ? '' : output }).toEqual({ args, code: 0, output: '' })
  return output
}

async function refused(...args: string[]): Promise<string> {
  const { code, output } = await mcpcat(folder, ...args)
  expect(code).toBe(1)
  expect(output.trim().split('\n')).toHaveLength(1)
  return output
}

test('every operation works on a running collector, which goes on taking spans', async () => {
  const senders = startSenders({ senders: 3 })
  senders.aim(ready.otlpHttp)
  await senders.send(60)

  expect(await ok('store', 'migrate')).toContain('up to date')
  expect(await ok('store', 'backup', 'running')).toContain('The backup is complete')
  expect(await ok('store', 'export', 'default', 'events.parquet')).toContain('Written')
  expect(existsSync(join(folder, 'events.parquet'))).toBe(true)
  expect(await ok('store', 'import', 'events.parquet')).toContain('Imported')
  expect(await ok('store', 'reconcile')).toContain('recomputed')
  expect(await ok('store', 'restore', 'data/backups/running', '--merge')).toContain('in the store')
  expect(await refused('store', 'restore', 'data/backups/running')).toContain('--merge')

  expect(await ok('sql', 'SELECT 1 AS one', '--format', 'JSONEachRow')).toBe('{"one":1}\n')
  expect((await ok('sql', 'SELECT number FROM numbers(300000)', '--format', 'TSV')).split('\n')).toHaveLength(300_001)
  expect(await refused('sql', 'DROP TABLE events')).toContain('only reads')
  const large = "SELECT repeat('x', 1000000 - number) FROM numbers(200)"
  expect(await refused('sql', large, '--format', 'TSV')).toContain('ytes')

  // Reading has not made the writer read-only.
  await senders.send(60)
  await senders.finish()
  expectExactly(await servedEventIds(ready.dashboard), senders.acknowledged)
  expect(await ok('store', 'delete-user', 'default', 'user-1')).toContain('Deleted')
  expect(await ok('sql', "SELECT count() FROM events WHERE user_id = 'user-1'", '--format', 'TSV')).toBe('0\n')
  expect(await ok('store', 'verify')).toMatch(/default: \d+ events in \d+ sessions/)
}, 480_000)

test('a second collector is told who has the folder, and the socket is for this user alone', async () => {
  const second = await store.start().exited
  expect(second.code).toBe(1)
  expect(second.output.trim().split('\n')).toHaveLength(1)
  expect(second.output).toContain(`pid ${collector.child.pid}`)
  expect(second.output).toContain(ready.dashboard)
  expect(second.output).toContain(ready.otlpHttp)
  expect(second.output).toContain('data')

  const control = join(folder, 'data', 'control')
  expect((await stat(control)).mode & 0o777).toBe(0o700)
  expect((await stat(join(control, 'socket'))).mode & 0o777).toBe(0o600)

  for (const line of [
    '{"version":99,"ask":{}}',
    'nonsense',
    '{"version":1,"ask":{"operation":"drop","parameters":[]}}',
  ]) {
    const socket = connect(join(control, 'socket'))
    socket.write(`${line}\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(JSON.parse(answer.toString())).toMatchObject({
      error: expect.stringContaining('the running collector') as string,
    })
    socket.destroy()
  }
  // Longer than a request may be: cut off, and the collector goes on.
  const flood = connect(join(control, 'socket'))
  const closed = new Promise((resolve) => flood.on('close', resolve))
  flood.on('error', () => undefined)
  flood.write(Buffer.alloc(1024 * 1024, 120))
  await closed
  expect(await ok('store', 'verify')).toContain('empty')
}, 120_000)

test('Ctrl-C on the command ends the command, not the collector', async () => {
  const senders = startSenders({ senders: 2 })
  senders.aim(ready.otlpHttp)
  await senders.send(20)
  const command = startMcpcat(folder, 'sql', 'SELECT count() FROM numbers(1e12)')
  await delay(1500)
  command.child.kill('SIGINT')
  expect((await command.finished).code).not.toBe(0)
  await senders.send(20)
  await senders.finish()
  expect(collector.child.exitCode).toBeNull()
}, 120_000)
