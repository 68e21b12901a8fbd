import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { UserError } from '../../errors.js'
import { processStart } from '../../process-start.js'
import { lockFolder } from './folder-lock.js'

let folder: string
const lock = (): Promise<() => Promise<void>> => lockFolder(folder, 'extensions.file_storage.directory')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('is for one, and says whose it is', async () => {
  const release = await lock()
  const second = lock()
  await expect(second).rejects.toThrow(UserError)
  await expect(second).rejects.toThrow(`is in use by another collector (pid ${process.pid})`)
  await release()
  const again = await lock()
  await again()
  expect(await readdir(folder)).toEqual([])
})

it('of a process that is gone is taken over, by one', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const holder = { pid: child.pid as number, start: await processStart(child.pid as number) }
  await writeFile(join(folder, 'lock.json'), JSON.stringify(holder))
  await expect(lock()).rejects.toThrow(`pid ${holder.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  for (let round = 0; round < 50; round += 1) {
    // In a folder of which somebody who was taking it over is gone, too.
    const names = ['lock.json', ...(round % 2 === 0 ? [] : ['lock.json.removing'])]
    await Promise.all(names.map((name) => writeFile(join(folder, name), JSON.stringify(holder))))
    const settled = await Promise.allSettled(Array.from({ length: 5 }, lock))
    const taken = settled.filter((each) => each.status === 'fulfilled')
    expect(taken).toHaveLength(1)
    expect(JSON.parse(await readFile(join(folder, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid })
    await taken[0]?.value()
    expect(await readdir(folder)).toEqual([])
  }
})

it.runIf(process.platform === 'linux')('of a pid that is another process by now is taken over', async () => {
  await writeFile(join(folder, 'lock.json'), JSON.stringify({ pid: process.ppid, start: '1' }))
  await (
    await lock()
  )()
})

it('that was cut off in the midst of being written is nobody’s', async () => {
  await writeFile(join(folder, 'lock.json'), '{"pid":')
  await (
    await lock()
  )()
})
