import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { McpcatSpanExporter, type McpcatSpanExporterOptions, McpcatSpanProcessor, type SpillStats } from './index.js'
import { accept, deadPort, Receiver, status, until } from './testing/receiver.js'
import { toolCall, traceCall, tracerFor } from './testing/spans.js'

let spillDir: string
const closing: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  spillDir = await mkdtemp(join(tmpdir(), 'mcpcat-spill-'))
})

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await rm(spillDir, { recursive: true, force: true })
})

async function receive(script = [accept], port = 0): Promise<Receiver> {
  const receiver = await Receiver.start(script, { port })
  closing.push(() => receiver.close())
  return receiver
}

function start(options: McpcatSpanExporterOptions): {
  exporter: McpcatSpanExporter
  processor: McpcatSpanProcessor
  call: (times: number) => void
  disk: () => SpillStats
} {
  const exporter = new McpcatSpanExporter({ initialBackoffMillis: 1, maxBackoffMillis: 20, spillDir, ...options })
  const processor = new McpcatSpanProcessor(exporter, { maxExportBatchSize: 10 })
  closing.push(() => processor.shutdown(500))
  const tracer = tracerFor(processor)
  const content = { request: toolCall({ password: 'planted', text: 'x'.repeat(200) }) }
  return {
    exporter,
    processor,
    call: (times) => {
      for (let i = 0; i < times; i++) traceCall(tracer, { content })
    },
    disk: () => {
      const stats = exporter.spillStats()
      if (!stats) throw new Error('no spill')
      expect(stats.written + stats.found).toBe(stats.sent + stats.dropped + stats.onDisk)
      return stats
    },
  }
}

it('puts away what cannot be delivered, and sends it when the receiver is back', async () => {
  const port = await deadPort()
  const { processor, call, disk } = start({ endpoint: `http://127.0.0.1:${port}` })
  call(35)
  await processor.forceFlush()
  expect(processor.stats()).toMatchObject({ made: 35, sent: 0, spilled: 35, dropped: 0, queued: 0 })
  const receiver = await receive([accept], port)
  await until(() => receiver.spans().length >= 35, disk)
  await until(() => disk().onDisk === 0, disk)
  expect(new Set(receiver.spans().map(({ spanId }) => spanId)).size).toBe(35)
  expect(disk()).toMatchObject({ written: 35, sent: 35, dropped: 0, bytes: 0 })
  expect(await readdir(spillDir)).toEqual([])
})

it('survives the process: the next one sends what the last one left', async () => {
  const port = await deadPort()
  const endpoint = `http://127.0.0.1:${port}`
  const first = start({ endpoint })
  first.call(25)
  await first.processor.shutdown(2000)
  expect(first.processor.stats()).toMatchObject({ made: 25, spilled: 25, dropped: 0, queued: 0 })
  expect((await readdir(spillDir)).length).toBeGreaterThan(0)

  const receiver = await receive([accept], port)
  const second = start({ endpoint })
  await until(() => second.disk().sent === 25, second.disk)
  expect(new Set(receiver.spans().map(({ spanId }) => spanId)).size).toBe(25)
  expect(second.disk()).toMatchObject({ found: 25, written: 0, onDisk: 0 })
})

it('holds redacted content for its owner alone, and no key', async () => {
  const { processor, call } = start({ endpoint: `http://127.0.0.1:${await deadPort()}`, apiKey: 'planted-key' })
  call(1)
  await processor.forceFlush()
  const [name = ''] = await readdir(spillDir)
  const path = join(spillDir, name)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const content = await readFile(path, 'latin1')
  expect(content).not.toContain('planted')
})

it('is bounded: the oldest go first, counted', async () => {
  const { processor, call, disk } = start({ endpoint: `http://127.0.0.1:${await deadPort()}`, spillMaxBytes: 1500 })
  for (let i = 0; i < 8; i++) {
    call(10)
    await processor.forceFlush()
  }
  expect(disk().dropped).toBeGreaterThan(0)
  expect(disk().onDisk).toBeGreaterThan(0)
  expect(disk().bytes).toBeLessThanOrEqual(1500)
  const sizes = await Promise.all(
    (await readdir(spillDir)).map(async (name) => (await stat(join(spillDir, name))).size),
  )
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(disk().bytes)
})

it('does not send what is damaged, and counts it', async () => {
  const port = await deadPort()
  const endpoint = `http://127.0.0.1:${port}`
  const first = start({ endpoint })
  first.call(10)
  await first.processor.shutdown(2000)
  const [name = ''] = await readdir(spillDir)
  const path = join(spillDir, name)
  const content = await readFile(path)
  content.set([content[content.length - 5] === 0 ? 1 : 0], content.length - 5)
  await writeFile(path, content)
  await writeFile(join(spillDir, 'notes.txt'), 'not ours')

  const receiver = await receive([accept], port)
  const second = start({ endpoint })
  await until(() => second.disk().onDisk === 0 && second.disk().found === 10, second.disk)
  expect(second.disk()).toMatchObject({ found: 10, sent: 0, dropped: 10 })
  expect(receiver.requests).toEqual([])
  expect(await readdir(spillDir)).toEqual(['notes.txt'])
})

it('sends a file only where it was to go', async () => {
  const first = start({ endpoint: `http://127.0.0.1:${await deadPort()}` })
  first.call(10)
  await first.processor.shutdown(2000)
  const elsewhere = await receive([accept])
  const second = start({ endpoint: elsewhere.url })
  second.call(1)
  await second.processor.forceFlush()
  expect(elsewhere.spans()).toHaveLength(1)
  expect(second.disk()).toMatchObject({ found: 0, onDisk: 0 })
  expect(await readdir(spillDir)).toHaveLength(1)
})

it('drops from disk what the receiver refuses for good', async () => {
  const port = await deadPort()
  const { processor, call, disk } = start({ endpoint: `http://127.0.0.1:${port}` })
  call(10)
  await processor.forceFlush()
  await receive([status(400)], port)
  await until(() => disk().onDisk === 0, disk)
  expect(disk()).toMatchObject({ written: 10, sent: 0, dropped: 10 })
})

it('works for the events protocol as well', async () => {
  const port = await deadPort()
  const { processor, call, disk } = start({ apiUrl: `http://127.0.0.1:${port}` })
  call(25)
  await processor.forceFlush()
  expect(processor.stats()).toMatchObject({ made: 25, spilled: 25 })
  const receiver = await receive([status(202)], port)
  await until(() => disk().sent === 25, disk)
  expect(new Set(receiver.accepted.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id)).size).toBe(25)
})

it('a folder that cannot be written costs the spans, counted, and nothing else', async () => {
  const path = join(spillDir, 'a-file')
  await writeFile(path, '')
  const exporter = new McpcatSpanExporter({
    endpoint: `http://127.0.0.1:${await deadPort()}`,
    spillDir: join(path, 'x'),
  })
  const processor = new McpcatSpanProcessor(exporter)
  closing.push(() => processor.shutdown(500))
  traceCall(tracerFor(processor))
  await processor.forceFlush()
  expect(processor.stats()).toMatchObject({ made: 1, sent: 0, spilled: 0, dropped: 1, queued: 0 })
})
