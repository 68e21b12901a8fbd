import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Exporter } from '../component.js'
import { PermanentError, RetryableError } from '../errors.js'
import { fileStorageExtension } from '../extensions/file-storage/factory.js'
import { createMetrics } from '../telemetry/metrics.js'
import { testContext, testHost } from '../testing/context.js'
import { recordingConsumer, type RecordingConsumer } from '../testing/recording-consumer.js'
import { sampleTraces } from '../testing/sample-traces.js'
import { retrySchema, sendingQueueSchema, type SendingConfig } from './config.js'
import { createSender } from './sender.js'

const schema = z.strictObject({
  timeout: z.number().default(1000),
  sending_queue: sendingQueueSchema,
  retry_on_failure: retrySchema,
})
const quick = { initial_interval: '1ms', max_interval: '2ms' }

let backend: RecordingConsumer
let metrics: ReturnType<typeof createMetrics>
const running: Exporter[] = []

beforeEach(() => {
  backend = recordingConsumer()
  metrics = createMetrics()
})
afterEach(async () => {
  for (const sender of running.splice(0)) await sender.shutdown?.()
})

async function start(config: object, host = testHost()): Promise<Exporter> {
  const settings: SendingConfig = schema.parse(config)
  const sender = createSender((traces) => backend.consumeTraces(traces), settings, {
    ...testContext('test'),
    metrics: metrics.scoped({ exporter: 'test' }),
  })
  await sender.start?.(host)
  running.push(sender)
  return sender
}

const figure = (name: string) =>
  Number(new RegExp(`^otelcol_exporter_${name}{.*} (.*)$`, 'm').exec(metrics.render())?.[1])

function closedGate(): { gate: Promise<void>; release: () => void } {
  const events = new EventEmitter()
  return { gate: once(events, 'open').then(() => undefined), release: () => void events.emit('open') }
}

describe('a sender', () => {
  it('has the defaults of otelcol', () => {
    expect(schema.parse({})).toMatchObject({
      sending_queue: { enabled: true, num_consumers: 10, queue_size: 1000 },
      retry_on_failure: {
        enabled: true,
        initial_interval: 5000,
        randomization_factor: 0.5,
        multiplier: 1.5,
        max_interval: 30_000,
        max_elapsed_time: 300_000,
      },
    })
  })

  it('tries again until the backend takes the batch', async () => {
    let attempts = 0
    backend.behaviour = () => {
      attempts += 1
      if (attempts < 4) throw new Error('down')
    }
    const sender = await start({ retry_on_failure: quick })
    await sender.consumeTraces(sampleTraces(3))
    await expect.poll(() => backend.spans.length, { timeout: 20_000 }).toBe(3)
    expect([attempts, figure('sent_spans'), figure('send_failed_spans')]).toEqual([4, 3, 0])
  })

  it('gives up at once on what will never be taken, and after its time on what is not', async () => {
    const sender = await start({ retry_on_failure: { ...quick, max_elapsed_time: '20ms' } })
    backend.behaviour = () => {
      throw new PermanentError('no')
    }
    await sender.consumeTraces(sampleTraces(1))
    await expect.poll(() => figure('send_failed_spans'), { timeout: 20_000 }).toBe(1)
    backend.behaviour = () => {
      throw new RetryableError('not now')
    }
    await sender.consumeTraces(sampleTraces(2))
    await expect.poll(() => figure('send_failed_spans'), { timeout: 20_000 }).toBe(3)
  })

  it('refuses for now when its queue is full, and its counters balance', async () => {
    const { gate, release } = closedGate()
    backend.behaviour = () => gate
    const sender = await start({ sending_queue: { queue_size: 2, num_consumers: 1 } })
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => sender.consumeTraces(sampleTraces(10))))
    // One is on its way, two wait.
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect(results.at(-1)).toMatchObject({ reason: { name: 'RetryableError' } })
    expect([figure('queue_size'), figure('queue_capacity'), figure('enqueue_failed_spans')]).toEqual([2, 2, 20])
    release()
    await expect.poll(() => figure('sent_spans'), { timeout: 20_000 }).toBe(30)
  })

  it('without a queue answers when the batch has been sent or given up', async () => {
    const sender = await start({ sending_queue: { enabled: false }, retry_on_failure: { enabled: false } })
    await sender.consumeTraces(sampleTraces(1))
    expect(backend.spans).toHaveLength(1)
    backend.behaviour = () => {
      throw new RetryableError('not now')
    }
    await expect(sender.consumeTraces(sampleTraces(1))).rejects.toThrow('not now')
  })

  it('sends what is queued before it stops, with one last attempt each', async () => {
    const sender = await start({
      sending_queue: { num_consumers: 1 },
      retry_on_failure: { initial_interval: '1h', max_interval: '1h', max_elapsed_time: '0s' },
    })
    let attempts = 0
    backend.behaviour = () => {
      attempts += 1
      throw new Error('down')
    }
    for (let index = 0; index < 3; index += 1) await sender.consumeTraces(sampleTraces(1))
    await expect.poll(() => attempts, { timeout: 20_000 }).toBe(1)
    await sender.shutdown?.()
    expect([attempts, figure('send_failed_spans')]).toEqual([4, 3])
  })
})

describe('with storage', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mcpcat-sender-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const storage = () => fileStorageExtension.create({ directory: folder, max_size_mib: 1 }, testContext('file_storage'))
  const config = { sending_queue: { storage: 'file_storage', num_consumers: 1 }, retry_on_failure: quick }

  it('what could not be sent is sent after the next start, and then forgotten', async () => {
    backend.behaviour = () => {
      throw new Error('down')
    }
    const first = storage()
    const sender = await start(config, testHost({ file_storage: first }))
    for (let index = 0; index < 3; index += 1) await sender.consumeTraces(sampleTraces(2, `service-${index}`))
    await sender.shutdown?.()
    await first.shutdown?.()

    backend.behaviour = () => undefined
    const second = storage()
    const again = await start(config, testHost({ file_storage: second }))
    await expect
      .poll(() => backend.batches, { timeout: 20_000 })
      .toEqual([0, 1, 2].map((index) => sampleTraces(2, `service-${index}`)))
    await again.shutdown?.()
    await second.shutdown?.()

    const third = storage()
    await start(config, testHost({ file_storage: third }))
    expect(figure('queue_size')).toBe(0)
    await third.shutdown?.()
  })

  it('an id that is no storage is told', async () => {
    await expect(start(config, testHost({ file_storage: {} }))).rejects.toThrow(
      'the extension "file_storage" is no storage',
    )
  })
})
