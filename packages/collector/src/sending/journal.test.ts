import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJournal, type JournalOptions, type OpenedJournal } from './journal.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-journal-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const options = (changes: Partial<JournalOptions> = {}): JournalOptions => ({
  folder,
  logger: pino({ level: 'silent' }),
  maxBytes: 1e6,
  segmentBytes: 100,
  ...changes,
})
const texts = ({ recovered }: OpenedJournal) => recovered.map(({ bytes }) => bytes.toString())
const segments = async () => (await readdir(folder)).filter((name) => name.endsWith('.journal'))

it('gives back what was not done, in order, as a crash leaves it', async () => {
  const { journal } = await openJournal(options())
  const records = await Promise.all(['a', 'b', 'c', 'd'].map((text) => journal.append(Buffer.from(text.repeat(60)))))
  for (const text of ['e', 'f']) records.push(await journal.append(Buffer.from(text.repeat(60))))
  // No close: the process is gone.
  const next = await openJournal(options())
  expect(texts(next)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((text) => text.repeat(60)))
  await journal.close()
})

it('removes a segment when all its records are done, and leaves nothing behind in the end', async () => {
  const { journal } = await openJournal(options())
  for (let index = 0; index < 10; index += 1) {
    const record = await journal.append(Buffer.alloc(80))
    record.done()
    record.done()
  }
  await journal.close()
  await expect.poll(segments, { timeout: 20_000 }).toEqual([])
})

async function written(): Promise<string> {
  const { journal } = await openJournal(options({ segmentBytes: 1e6 }))
  for (const text of ['one', 'two', 'three']) await journal.append(Buffer.from(text))
  await journal.close()
  return join(folder, (await segments())[0]!)
}

describe('after a crash', () => {
  it.each([1, 4, 9, 12])('a record that misses its last %i bytes is cut off', async (missing) => {
    const file = await written()
    const content = await readFile(file)
    await writeFile(file, content.subarray(0, content.length - missing))
    expect(texts(await openJournal(options()))).toEqual(['one', 'two'])
    expect(await readFile(file)).toEqual(content.subarray(0, 22))
  })

  it('a segment with a damaged record is set aside, and what stands before it is kept', async () => {
    const file = await written()
    const handle = await open(file, 'r+')
    await handle.write(Buffer.from('X'), 0, 1, 20)
    await handle.close()
    expect(texts(await openJournal(options()))).toEqual(['one'])
    expect(await readdir(folder)).toEqual(['0000000001.journal', '0000000001.journal.corrupt'])
    // And again, without finding anything wrong.
    expect(texts(await openJournal(options()))).toEqual(['one'])
  })

  it('new records go to a new segment', async () => {
    await written()
    const { journal, recovered } = await openJournal(options())
    await journal.append(Buffer.from('four'))
    for (const record of recovered) record.done()
    await journal.close()
    await expect.poll(segments, { timeout: 20_000 }).toEqual(['0000000002.journal'])
    expect(texts(await openJournal(options()))).toEqual(['four'])
  })
})

it('refuses for now what it has no room for, and takes more when there is room again', async () => {
  const { journal } = await openJournal(options({ maxBytes: 250 }))
  const first = await journal.append(Buffer.alloc(100))
  await journal.append(Buffer.alloc(100))
  await expect(journal.append(Buffer.alloc(100))).rejects.toMatchObject({ name: 'RetryableError' })
  first.done()
  await expect(journal.append(Buffer.alloc(100))).resolves.toBeDefined()
  await journal.close()
})

it('refuses for now what the disk does not take, and recovers', async () => {
  const { journal } = await openJournal(options())
  await journal.append(Buffer.alloc(100))
  // The next record needs a new segment, and has nowhere to put it.
  await rm(folder, { recursive: true })
  await expect(journal.append(Buffer.alloc(100))).rejects.toMatchObject({ name: 'RetryableError' })
  await mkdir(folder)
  await journal.append(Buffer.from('after'))
  await journal.close()
  expect(texts(await openJournal(options()))).toEqual(['after'])
})
