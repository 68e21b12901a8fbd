import assert from 'node:assert/strict'
import type { Payload, PayloadSignal, Signal } from '../batch.js'
import {
  signalsOf,
  type Component,
  type Endpoint,
  type ExporterFactory,
  type ExtensionFactory,
  type Factory,
  type Host,
  type Processor,
  type ProcessorFactory,
  type ReceiverFactory,
} from '../component.js'
import type { Consumer } from '../consumer.js'
import { PermanentError, RetryableError } from '../errors.js'
import { cloneTraces, spanCount } from '../traces.js'
import { testContext, testHost } from './context.js'
import { recordingConsumer } from './recording-consumer.js'
import { samplePayload } from './sample-payload.js'
import { sampleTraces } from './sample-traces.js'

/** One thing that every component of a kind must do; `run` rejects when it does not. */
export interface ContractCase {
  readonly name: string
  readonly run: () => Promise<void>
}

interface ContractOptions {
  /** Settings as they would stand in the YAML, with ports of 0 and files in a temporary folder. */
  readonly config: Record<string, unknown>
  /** For a component that asks for extensions. */
  readonly host?: Host
}

/** @example for (const { name, run } of extensionContract(factory, { config: {} })) it(name, run) */
export function extensionContract(factory: ExtensionFactory, { config, host }: ContractOptions): ContractCase[] {
  return [
    ...configCases(factory, config),
    ...lifecycleCases(() => factory.create(parse(factory, config), testContext(factory.type)), host),
  ]
}

interface ReceiverOptions extends ContractOptions {
  /** Sends one span the way real senders do; rejects when it is not acknowledged. */
  readonly send: (endpoints: readonly Endpoint[]) => Promise<void>
}

export function receiverContract(
  factory: ReceiverFactory,
  { config, host = testHost(), send }: ReceiverOptions,
): ContractCase[] {
  const create = (next: Consumer = recordingConsumer()): Component =>
    factory.create(parse(factory, config), testContext(factory.type), next)
  return [
    ...configCases(factory, config),
    ...lifecycleCases(create, host),
    {
      name: 'hands on what it acknowledges',
      run: () =>
        withReceiver(create, host, async (receiver, next) => {
          await send(receiver.endpoints?.() ?? [])
          assert.equal(next.spans.length, 1)
        }),
    },
    {
      name: 'acknowledges nothing that the pipeline refuses',
      run: () =>
        withReceiver(create, host, async (receiver, next) => {
          next.behaviour = () => Promise.reject(new RetryableError('not now'))
          await assert.rejects(send(receiver.endpoints?.() ?? []))
        }),
    },
    {
      name: 'takes nothing once it has stopped',
      run: () =>
        withReceiver(create, host, async (receiver) => {
          const endpoints = receiver.endpoints?.() ?? []
          await receiver.shutdown?.()
          await assert.rejects(send(endpoints))
        }),
    },
  ]
}

async function withReceiver(
  create: (next: Consumer) => Component,
  host: Host,
  use: (receiver: Component, next: ReturnType<typeof recordingConsumer>) => Promise<void>,
): Promise<void> {
  const next = recordingConsumer()
  const receiver = create(next)
  await receiver.start?.(host)
  try {
    await use(receiver, next)
  } finally {
    await receiver.shutdown?.()
  }
}

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

function payloadSignals(factory: Factory): PayloadSignal[] {
  return signalsOf(factory).filter((signal) => signal !== 'traces')
}

function itemsOf(payloads: readonly Payload[], signal: Signal): number {
  return payloads.reduce((sum, payload) => sum + (payload.signal === signal ? payload.items : 0), 0)
}

interface ExporterOptions extends ContractOptions {
  /**
   * How many spans, data points or log records have arrived where the exporter sends them; leave it
   * out when that cannot be seen.
   */
  readonly arrived?: (signal: Signal) => Promise<number>
}

export function exporterContract(
  factory: ExporterFactory,
  { config, host = testHost(), arrived }: ExporterOptions,
): ContractCase[] {
  const create = () => factory.create(parse(factory, config), testContext(factory.type))
  return [
    ...configCases(factory, config),
    ...lifecycleCases(create, host),
    {
      name: 'takes batches at the same time, leaves them as they are, and has sent all of them when it has stopped',
      async run() {
        const before = (await arrived?.('traces')) ?? 0
        const exporter = create()
        await exporter.start?.(host)
        const batches = Array.from({ length: 20 }, (_, index) => sampleTraces(5, `service-${index}`))
        const copies = batches.map(cloneTraces)
        await Promise.all(batches.map((batch) => exporter.consumeTraces(batch)))
        await exporter.shutdown?.()
        if (!exporter.mutatesData) assert.deepEqual(batches, copies)
        if (arrived)
          assert.equal(
            (await arrived('traces')) - before,
            batches.reduce((sum, batch) => sum + spanCount(batch), 0),
          )
      },
    },
    {
      name: 'takes a batch without spans',
      async run() {
        const exporter = create()
        await exporter.start?.(host)
        await exporter.consumeTraces({ resourceSpans: [] })
        await exporter.shutdown?.()
      },
    },
    ...payloadSignals(factory).map((signal) => ({
      name: `takes ${signal}, and has sent them when it has stopped`,
      async run() {
        const before = (await arrived?.(signal)) ?? 0
        const exporter = create()
        await exporter.start?.(host)
        const payloads = await Promise.all([3, 4, 5].map((count) => samplePayload(signal, count)))
        await Promise.all(payloads.map((payload) => exporter.consumePayload!(payload)))
        await exporter.shutdown?.()
        if (arrived) assert.equal((await arrived(signal)) - before, 12)
      },
    })),
  ]
}

function configCases(factory: Factory, config: Record<string, unknown>): ContractCase[] {
  return [
    {
      name: 'describes itself in one line',
      async run() {
        assert.match(factory.type, /^[a-z][a-z0-9_]*$/)
        assert.match(factory.description, /^\S.*\S$/)
      },
    },
    {
      name: 'accepts its settings and refuses a key that it does not know',
      async run() {
        assert.ok(factory.configSchema.safeParse(config).success)
        assert.ok(!factory.configSchema.safeParse({ ...config, no_such_key: 1 }).success)
      },
    },
  ]
}

function lifecycleCases(create: () => Component, host: Host = testHost()): ContractCase[] {
  return [
    {
      name: 'starts and stops, and another one can follow',
      async run() {
        for (let round = 0; round < 2; round += 1) {
          const component = create()
          await component.start?.(host)
          await component.shutdown?.()
        }
      },
    },
    {
      name: 'stops without having started',
      async run() {
        await create().shutdown?.()
      },
    },
  ]
}

function parse<Config>(factory: { configSchema: { parse(input: unknown): Config } }, config: unknown): Config {
  return factory.configSchema.parse(config)
}
