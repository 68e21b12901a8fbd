import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeTraces, encodeTraces } from '@mcpcat/collector'
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest'
import { mcpcat, startCollector, type CollectorProcess } from './testing/collector-process.js'
import { grpcExport } from './testing/grpc-export.js'
import { eventIdOf, mcpTraces } from './testing/mcp-spans.js'
import { startSenders, type Senders } from './testing/retrying-senders.js'
import { smallDisk, type SmallDisk } from './testing/small-disk.js'
import { expectExactly, storedEventIds } from './testing/stored-events.js'

const UNAVAILABLE = 14
const WAIT = { timeout: 60_000, interval: 50 }
const MIB = 1024 * 1024

let folder: string
let collector: CollectorProcess | undefined
let disk: SmallDisk | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-disk-full-'))
})

afterEach(async () => {
  await collector?.kill()
  await disk?.remove()
  disk = undefined
  await rm(folder, { recursive: true, force: true })
})

async function mounted(sizeMib: number, { skip }: TestContext): Promise<SmallDisk> {
  const made = await smallDisk(sizeMib)
  if (typeof made === 'string') {
    process.stdout.write(`skipped: ${made}\n`)
    skip(made)
  }
  disk = made as SmallDisk
  return disk
}

/** Content that does not compress, so that a disk fills. */
const senders = (): Senders => startSenders({ senders: 4, content: () => randomBytes(6000).toString('base64') })

/** Asked on both protocols and by a supervisor: refused for now, with a time to come back, and the reason. */
async function expectRefusing(sending: Senders, grpc: string, health: string): Promise<void> {
  const refused = (sending.answers.get(503) ?? 0) + 20
  await expect.poll(() => sending.answers.get(503) ?? 0, WAIT).toBeGreaterThan(refused)
  expect(Number(sending.lastRetryAfter)).toBeGreaterThanOrEqual(1)
  const one = encodeTraces(
    mcpTraces([{ n: 900_000_000, attributes: { 'mcpcat.request': randomBytes(2 * MIB).toString('base64') } }]),
  )
  const answer = await grpcExport(grpc, one)
  expect(answer.status).toBe(UNAVAILABLE)
  expect(answer.details.toString('latin1')).toContain('google.rpc.RetryInfo')
  const asked = await fetch(health)
  expect(asked.status).toBe(503)
  expect(await asked.text()).toContain('is full')
}

async function expectAcknowledging(sending: Senders, health: string): Promise<void> {
  const before = sending.acknowledged.size
  await expect.poll(() => sending.acknowledged.size, WAIT).toBeGreaterThan(before + 100)
  await expect.poll(async () => (await fetch(health)).status, WAIT).toBe(200)
}

test('a store on a full disk refuses for now, loses nothing, and goes on when there is room again', async (context) => {
  const small = await mounted(96, context)
  await writeFile(
    join(folder, 'otel-collector.yaml'),
    `extensions:
  store: { path: ${join(small.path, 'data')} }
  dashboard: { endpoint: '127.0.0.1:0' }
  health_check: { endpoint: '127.0.0.1:0' }
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' }, grpc: { endpoint: '127.0.0.1:0' } } } }
exporters: { store: }
service:
  extensions: [store, dashboard, health_check]
  pipelines: { traces: { receivers: [otlp], exporters: [store] } }
`,
  )
  collector = startCollector(folder)
  const first = await collector.ready
  const sending = senders()
  sending.aim(first.otlpHttp)
  await expectAcknowledging(sending, first.health)

  small.fill(2 * MIB)
  await expectRefusing(sending, first.otlpGrpc, first.health)
  // What was there is read all the while.
  expect((await fetch(`${first.dashboard}/api/v1/sessions`)).status).toBe(200)
  small.free()
  await expectAcknowledging(sending, first.health)
  // One line when it began, one when it was over, however many were refused.
  expect(collector.log().split('\n').length).toBeLessThan(20)

  small.fill(2 * MIB)
  await expectRefusing(sending, first.otlpGrpc, first.health)
  await collector.kill()
  sending.aim(undefined)
  small.free()
  collector = startCollector(folder)
  sending.aim((await collector.ready).otlpHttp)
  await sending.finish()
  expect(await collector.stop()).toMatchObject({ code: 0 })
  expectExactly(await storedEventIds(folder), sending.acknowledged)
  expect(await mcpcat(folder, 'store', 'verify')).toMatchObject({ code: 0 })
}, 240_000)

test('a journal on a full disk refuses for now, loses nothing, and goes on when there is room again', async (context) => {
  const small = await mounted(24, context)
  const arrived = new Set<string>()
  let down = true
  const backend = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (down) {
        response.writeHead(503).end()
        return
      }
      for (const { scopeSpans } of decodeTraces(Buffer.concat(chunks)).resourceSpans)
        for (const { spans } of scopeSpans) for (const { traceId, spanId } of spans) arrived.add(`${traceId}-${spanId}`)
      response.end()
    })
  })
  await new Promise<void>((resolve) => void backend.listen(0, '127.0.0.1', resolve))
  await writeFile(
    join(folder, 'otel-collector.yaml'),
    `extensions:
  file_storage: { directory: ${join(small.path, 'queue')} }
  health_check: { endpoint: '127.0.0.1:0' }
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' }, grpc: { endpoint: '127.0.0.1:0' } } } }
exporters:
  otlphttp:
    endpoint: http://127.0.0.1:${(backend.address() as AddressInfo).port}
    compression: none
    sending_queue: { storage: file_storage, queue_size: 100000 }
    retry_on_failure: { initial_interval: 100ms, max_interval: 200ms, max_elapsed_time: 0s }
service:
  telemetry: { logs: { level: error } }
  extensions: [file_storage, health_check]
  pipelines: { traces: { receivers: [otlp], exporters: [otlphttp] } }
`,
  )
  try {
    small.fill(8 * MIB)
    collector = startCollector(folder)
    const first = await collector.ready
    const sending = senders()
    sending.aim(first.otlpHttp)
    await expectRefusing(sending, first.otlpGrpc, first.health)
    small.free()
    const before = sending.acknowledged.size
    await expect.poll(() => sending.acknowledged.size, WAIT).toBeGreaterThan(before + 100)
    small.fill(0)
    await expectRefusing(sending, first.otlpGrpc, first.health)
    expect(collector.log().split('\n').length).toBeLessThan(20)

    await collector.kill()
    sending.aim(undefined)
    small.free()
    down = false
    collector = startCollector(folder)
    sending.aim((await collector.ready).otlpHttp)
    await sending.finish()
    await expect.poll(() => [...sending.acknowledged].filter((n) => !arrived.has(eventIdOf(n))).length, WAIT).toBe(0)
    expect(await collector.stop()).toMatchObject({ code: 0 })
  } finally {
    backend.close()
    backend.closeAllConnections()
  }
}, 240_000)
