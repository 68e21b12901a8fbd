import assert from 'node:assert/strict'
import type { Payload, Signal } from '../batch.js'
import type { Host, Processor, ProcessorFactory } from '../component.js'
import type { Consumer } from '../consumer.js'
import { PermanentError, RetryableError } from '../errors.js'
import { cloneTraces } from '../clone-traces.js'
import { testContext, testHost } from './context.js'
import {
  configCases,
  lifecycleCases,
  parse,
  payloadSignals,
  type ContractCase,
  type ContractOptions,
} from './contract.js'
import { recordingConsumer } from './recording-consumer.js'
import { samplePayload } from './sample-payload.js'
import { sampleTraces } from './sample-traces.js'

interface ProcessorOptions extends ContractOptions {
  /** False for one that drops spans of the sample on purpose. Default true. */
  readonly keepsSpans?: boolean
}

export function processorContract(
  factory: ProcessorFactory,
  { config, host = testHost(), keepsSpans = true }: ProcessorOptions,
): ContractCase[] {
  const create = (next: Consumer = recordingConsumer()) =>
    factory.create(parse(factory, config), testContext(factory.type), next)

  async function processed(next: Consumer, batches: number): Promise<PromiseSettledResult<void>[]> {
    const processor = create(next)
    await processor.start?.(host)
    const results = Array.from({ length: batches }, () => processor.consumeTraces(sampleTraces(10)))
    const settled = Promise.allSettled(results)
    await processor.shutdown?.()
    return settled
  }

  return [
    ...configCases(factory, config),
    ...lifecycleCases(create, host),
    {
      name: 'passes every span on, at the latest when it stops',
      async run() {
        const next = recordingConsumer()
        const results = await processed(next, 3)
        assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['fulfilled']))
        if (keepsSpans) assert.equal(next.spans.length, 30)
      },
    },
    ...[new PermanentError('never'), new RetryableError('not now')].map((error) => ({
      name: `tells its sender of a ${error.name} behind it`,
      async run() {
        const next = recordingConsumer()
        next.behaviour = () => {
          throw error
        }
        for (const result of await processed(next, 2)) {
          if (!keepsSpans && result.status === 'fulfilled') continue
          assert.equal(result.status, 'rejected')
          assert.equal((result.reason as Error).name, error.name)
        }
      },
    })),
    {
      name: 'leaves the batch as it is, unless it says that it changes batches',
      async run() {
        const processor = create()
        await processor.start?.(host)
        const batch = sampleTraces(5)
        const before = cloneTraces(batch)
        await Promise.all([processor.consumeTraces(batch), processor.shutdown?.()])
        if (!processor.mutatesData) assert.deepEqual(batch, before)
      },
    },
    {
      name: 'takes a batch without spans',
      async run() {
        const processor = create()
        await processor.start?.(host)
        await Promise.all([processor.consumeTraces({ resourceSpans: [] }), processor.shutdown?.()])
      },
    },
    ...payloadSignals(factory).flatMap((signal) => [
      {
        name: `passes ${signal} on, at the latest when it stops`,
        async run() {
          const next = recordingConsumer()
          await processedPayload(create(next), host, await samplePayload(signal, 3))
          assert.equal(itemsOf(next.payloads, signal), 3)
        },
      },
      {
        name: `tells its sender of an error behind it, for ${signal} too`,
        async run() {
          const next = recordingConsumer()
          next.behaviour = () => {
            throw new PermanentError('never')
          }
          await assert.rejects(processedPayload(create(next), host, await samplePayload(signal)), PermanentError)
        },
      },
    ]),
  ]
}

async function processedPayload(processor: Processor, host: Host, payload: Payload): Promise<void> {
  await processor.start?.(host)
  const done = processor.consumePayload?.(payload) ?? Promise.reject(new Error(`it takes no ${payload.signal}`))
  // Heard of below, also when it rejects before the processor has stopped.
  const [result] = await Promise.all([Promise.allSettled([done]), processor.shutdown?.()])
  if (result[0].status === 'rejected') throw result[0].reason as Error
}

function itemsOf(payloads: readonly Payload[], signal: Signal): number {
  return payloads.reduce((sum, payload) => sum + (payload.signal === signal ? payload.items : 0), 0)
}
