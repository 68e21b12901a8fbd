import assert from 'node:assert/strict'
import type {
  Component,
  Endpoint,
  ExporterFactory,
  ExtensionFactory,
  Factory,
  Host,
  ProcessorFactory,
  ReceiverFactory,
} from '../component.js'
import type { TracesConsumer } from '../consumer.js'
import { PermanentError, RetryableError } from '../errors.js'
import { cloneTraces, spanCount } from '../traces.js'
import { testContext, testHost } from './context.js'
import { recordingConsumer } from './recording-consumer.js'
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
  const create = (next: TracesConsumer = recordingConsumer()): Component =>
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
  create: (next: TracesConsumer) => Component,
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
  const create = (next: TracesConsumer = recordingConsumer()) =>
    factory.create(parse(factory, config), testContext(factory.type), next)

  async function processed(next: TracesConsumer, batches: number): Promise<PromiseSettledResult<void>[]> {
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
  ]
}

interface ExporterOptions extends ContractOptions {
  /** How many spans have arrived where the exporter sends them; leave it out when that cannot be seen. */
  readonly arrived?: () => Promise<number>
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
        const before = (await arrived?.()) ?? 0
        const exporter = create()
        await exporter.start?.(host)
        const batches = Array.from({ length: 20 }, (_, index) => sampleTraces(5, `service-${index}`))
        const copies = batches.map(cloneTraces)
        await Promise.all(batches.map((batch) => exporter.consumeTraces(batch)))
        await exporter.shutdown?.()
        if (!exporter.mutatesData) assert.deepEqual(batches, copies)
        if (arrived)
          assert.equal(
            (await arrived()) - before,
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
