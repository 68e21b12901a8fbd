import { describe, expect, it } from 'vitest'
import { PermanentError } from '../../errors.js'
import { testContext } from '../../testing/context.js'
import { recordingConsumer } from '../../testing/recording-consumer.js'
import { sampleTraces } from '../../testing/sample-traces.js'
import { spanCount, type Traces } from '../../traces.js'
import { batchProcessor } from './factory.js'
import { splitTraces } from './split-traces.js'

const create = (config: object, next = recordingConsumer()) => ({
  next,
  batch: batchProcessor.create(batchProcessor.configSchema.parse(config), testContext('batch'), next),
})

describe('batch', () => {
  it('joins what comes within its time, and answers all of it together', async () => {
    const { batch, next } = create({ timeout: '20ms' })
    await Promise.all([1, 2, 3].map((count) => batch.consumeTraces(sampleTraces(count, `service-${count}`))))
    expect(next.batches).toHaveLength(1)
    expect(next.spans).toHaveLength(6)
  })

  it('does not wait when it has enough', async () => {
    const { batch, next } = create({ timeout: '1h', send_batch_size: 10 })
    await Promise.all([batch.consumeTraces(sampleTraces(5)), batch.consumeTraces(sampleTraces(5))])
    expect(next.batches).toHaveLength(1)
  })

  it('cuts what is larger than its maximum', async () => {
    const { batch, next } = create({ send_batch_size: 4, send_batch_max_size: 4 })
    await batch.consumeTraces(sampleTraces(10))
    expect(next.batches.map(spanCount)).toEqual([4, 4, 2])
  })

  it("keeps one sender's bad batch from failing the others", async () => {
    const next = recordingConsumer()
    const picky = {
      ...recordingConsumer(),
      consumeTraces: async (traces: Traces) => {
        const names = traces.resourceSpans.map(({ resource }) => resource.attributes[0]?.value.stringValue)
        if (names.includes('bad')) throw new PermanentError('bad')
        await next.consumeTraces(traces)
      },
    }
    const { batch } = create({ timeout: '20ms' }, picky)
    const results = await Promise.allSettled(
      ['good', 'bad', 'good'].map((name) => batch.consumeTraces(sampleTraces(1, name))),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(next.spans).toHaveLength(2)
  })

  it('needs a maximum that is no smaller than its size', () => {
    expect(batchProcessor.configSchema.safeParse({ send_batch_size: 10, send_batch_max_size: 5 }).success).toBe(false)
  })
})

const flat = (all: readonly Traces[]) =>
  all.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => ({ resource, scope, span }))),
    ),
  )

it('splitting keeps every span, in order, with its resource and scope', () => {
  const traces = { resourceSpans: [3, 5, 1].flatMap((count) => sampleTraces(count, `service-${count}`).resourceSpans) }
  for (const max of [1, 2, 3, 4, 8, 9]) {
    const pieces = splitTraces(traces, max)
    expect(pieces.every((piece) => spanCount(piece) <= max)).toBe(true)
    expect(flat(pieces)).toEqual(flat([traces]))
  }
})
