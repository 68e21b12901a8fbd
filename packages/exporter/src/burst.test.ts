import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { McpcatSpanExporter, type McpcatSpanExporterOptions, McpcatSpanProcessor } from './index.js'
import { accept, Receiver, status, until } from './testing/receiver.js'
import { toolCall, traceCall, tracerFor } from './testing/spans.js'

const CALLS = 22_000
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(
  script = [accept],
  options: McpcatSpanExporterOptions = {},
): Promise<{
  receiver: Receiver
  processor: McpcatSpanProcessor
  call: (index: number) => void
}> {
  const receiver = await Receiver.start(script)
  const exporter = new McpcatSpanExporter({
    endpoint: receiver.url,
    initialBackoffMillis: 5,
    maxBackoffMillis: 50,
    ...options,
  })
  const processor = new McpcatSpanProcessor(exporter)
  closing.push(
    () => processor.shutdown(500),
    () => receiver.close(),
  )
  const tracer = tracerFor(processor)
  const response = { content: [{ type: 'text', text: 'twelve on shelf 4' }] }
  return {
    receiver,
    processor,
    call: (index) => void traceCall(tracer, { content: { request: toolCall({ index, q: 'blue' }), response } }),
  }
}

it('22,000 calls back to back: every one arrives, once', async () => {
  const { receiver, processor, call } = await start()
  for (let index = 0; index < CALLS; index++) {
    call(index)
    await turn()
  }
  await processor.forceFlush()
  expect(processor.stats()).toMatchObject({ made: CALLS, sent: CALLS, dropped: 0, queued: 0 })
  expect(new Set(receiver.spans().map(({ spanId }) => spanId)).size).toBe(CALLS)
  expect(receiver.spans()).toHaveLength(CALLS)
})

it('a receiver that is down in between, within the bound: every one arrives', async () => {
  const { receiver, processor, call } = await start()
  for (let index = 0; index < 8000; index++) {
    if (index === 2000) receiver.script = [status(503)]
    call(index)
    await turn()
  }
  receiver.script = [accept]
  await processor.forceFlush()
  expect(processor.stats()).toMatchObject({ made: 8000, sent: 8000, dropped: 0, queued: 0 })
  expect(new Set(receiver.spans().map(({ spanId }) => spanId)).size).toBe(8000)
})

it('a receiver that is down, above the bound: sent and dropped are what was made, and sent is what arrived', async () => {
  const { receiver, processor, call } = await start([status(503)])
  for (let index = 0; index < CALLS; index++) {
    call(index)
    if (index % 50 === 0) await turn()
  }
  const down = processor.stats()
  expect(down).toMatchObject({ made: CALLS, sent: 0, queued: 10_000, droppedBy: { queue_full: CALLS - 10_000 } })
  receiver.script = [accept]
  await until(
    () => processor.stats().queued === 0,
    () => processor.stats(),
  )
  const { sent, dropped } = processor.stats()
  expect({ sent, dropped }).toEqual({ sent: 10_000, dropped: 12_000 })
  expect(new Set(receiver.spans().map(({ spanId }) => spanId)).size).toBe(10_000)
})

it('without a single turn of the event loop in between: what the queue holds arrives, the rest is counted', async () => {
  const { receiver, processor, call } = await start()
  for (let index = 0; index < CALLS; index++) call(index)
  await processor.forceFlush()
  expect(processor.stats()).toMatchObject({ made: CALLS, sent: 10_000, droppedBy: { queue_full: 12_000 }, queued: 0 })
  expect(receiver.spans()).toHaveLength(10_000)
})
