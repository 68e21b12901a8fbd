import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from './store.js'
import { eventIdOf, T0, traces } from './testing/spans.js'

let path: string

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-folder-'))
})

afterEach(async () => {
  await rm(path, { recursive: true, force: true })
})

const holder = `
import { openStore } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
const store = await openStore({ engine: 'chdb', path: process.argv[2] })
process.on('message', async (batch) => {
  await store.write(JSON.parse(batch, (key, value) => (/UnixNano$/.test(key) ? BigInt(value) : value)))
  process.send('written')
})
process.send('open')
`

test('a folder in use names the process that has it, and is free again when that one is killed', async () => {
  const script = join(path, 'holder.mjs')
  await writeFile(script, holder)
  const child = fork(script, [join(path, 'data')])
  await once(child, 'message')
  const refused = openStore({ engine: 'chdb', path: join(path, 'data') })
  await expect(refused).rejects.toThrow(UserError)
  await expect(refused).rejects.toThrow(
    `the data folder ${join(path, 'data')} is in use by another mcpcat process (pid ${child.pid})`,
  )

  const written = once(child, 'message')
  const batch = traces([{ n: 7, startMs: T0, attributes: { 'mcp.session.id': 'kept' } }])
  child.send(JSON.stringify(batch, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
  await written
  child.kill('SIGKILL')
  await once(child, 'exit')

  const store = await openStore({ engine: 'chdb', path: join(path, 'data') })
  expect(await store.getEvent('default', eventIdOf(7))).toMatchObject({ method: 'tools/call' })
  await store.close()
})
