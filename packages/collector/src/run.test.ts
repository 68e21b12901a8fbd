import { pino } from 'pino'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { ExporterFactory, ExtensionFactory, Factory, ProcessorFactory, ReceiverFactory } from './component.js'
import { emptyTraces } from './clone-traces.js'
import type { TracesConsumer } from './consumer.js'
import { PermanentError, RetryableError, UserError } from './errors.js'
import { runCollector } from './run.js'
import { memoryExporter } from './testing/memory-exporter.js'
import { sampleTraces } from './testing/sample-traces.js'
import { setAttribute, spanCount } from './traces.js'

const configSchema = z.strictObject({})

/** Hands the test the start of its pipelines. */
function door(): { factory: ReceiverFactory; next: () => TracesConsumer } {
  let next: TracesConsumer | undefined
  const factory: ReceiverFactory = {
    kind: 'receiver',
    type: 'door',
    description: '',
    configSchema,
    create: (_config, _context, consumer) => {
      next = consumer
      return {}
    },
  }
  return { factory, next: () => next! }
}

const stamp: ProcessorFactory = {
  kind: 'processor',
  type: 'stamp',
  description: '',
  configSchema,
  create: (_config, { id }, next) => ({
    mutatesData: true,
    async consumeTraces(traces) {
      for (const { resource } of traces.resourceSpans) setAttribute(resource.attributes, 'stamp', { stringValue: id })
      await next.consumeTraces(traces)
    },
  }),
}

const stamps = (exporter: ReturnType<typeof memoryExporter>) =>
  exporter.batches.map(
    ({ resourceSpans }) => resourceSpans[0]?.resource.attributes.find(({ key }) => key === 'stamp')?.value.stringValue,
  )

it('gives pipelines that change batches their own copy, and shares the rest', async () => {
  const receiver = door()
  const plain = memoryExporter('plain')
  const changed = memoryExporter('changed')
  const collector = await runCollector({
    config: {
      receivers: { door: {} },
      processors: { 'stamp/a': {}, 'stamp/b': {} },
      exporters: { plain: {}, changed: {} },
      service: {
        pipelines: {
          traces: { receivers: ['door'], exporters: ['plain'] },
          'traces/a': { receivers: ['door'], processors: ['stamp/a'], exporters: ['changed'] },
          'traces/b': { receivers: ['door'], processors: ['stamp/b'], exporters: ['changed'] },
        },
      },
    },
    factories: [receiver.factory, stamp, plain.factory, changed.factory],
  })
  const batch = sampleTraces(2)
  await receiver.next().consumeTraces(batch)
  expect(stamps(plain)).toEqual([undefined])
  expect(new Set(stamps(changed))).toEqual(new Set(['stamp/a', 'stamp/b']))
  expect(plain.batches[0]).toBe(batch)
  await collector.shutdown()
})

it('lets an exporter take the spans out of a batch, and nobody else misses them', async () => {
  const receiver = door()
  const kept = memoryExporter('kept')
  const taken: number[] = []
  const taking: ExporterFactory = {
    kind: 'exporter',
    type: 'taking',
    description: '',
    configSchema,
    create: () => ({
      takesSpans: true,
      consumeTraces(traces) {
        taken.push(spanCount(traces))
        emptyTraces(traces)
        return Promise.resolve()
      },
    }),
  }
  const collector = await runCollector({
    config: {
      receivers: { door: {} },
      exporters: { taking: {}, kept: {} },
      service: {
        pipelines: {
          traces: { receivers: ['door'], exporters: ['taking', 'kept'] },
          'traces/alone': { receivers: ['door'], exporters: ['taking'] },
        },
      },
    },
    factories: [receiver.factory, taking, kept.factory],
  })
  await receiver.next().consumeTraces(sampleTraces(3))
  expect(taken).toEqual([3, 3])
  expect(kept.batches).toEqual([sampleTraces(3)])
  await collector.shutdown()
})

it('lets one exporter fail without keeping the batch from another, and says whether a retry makes sense', async () => {
  const receiver = door()
  const good = memoryExporter('good')
  const bad = memoryExporter('bad')
  const collector = await runCollector({
    config: {
      receivers: { door: {} },
      exporters: { good: {}, bad: {} },
      service: { pipelines: { traces: { receivers: ['door'], exporters: ['bad', 'good'] } } },
    },
    factories: [receiver.factory, good.factory, bad.factory],
  })
  bad.behaviour = () => Promise.reject(new RetryableError('full', { retryAfterMs: 2000 }))
  await expect(receiver.next().consumeTraces(sampleTraces())).rejects.toMatchObject({
    name: 'RetryableError',
    retryAfterMs: 2000,
  })
  bad.behaviour = () => Promise.reject(new PermanentError('nonsense'))
  await expect(receiver.next().consumeTraces(sampleTraces())).rejects.toBeInstanceOf(PermanentError)
  expect(good.spans).toHaveLength(2)
  await collector.shutdown()
})

interface Scripted {
  starts?: () => Promise<void>
  stops?: () => Promise<void>
}

const consumeTraces = async (): Promise<void> => undefined

/** One component of every kind, which writes down what happens to it. */
function recorded(log: string[], scripts: Record<string, Scripted> = {}): Factory[] {
  const lifecycle = (name: string) => ({
    start: async () => {
      log.push(`start ${name}`)
      await scripts[name]?.starts?.()
    },
    shutdown: async () => {
      log.push(`stop ${name}`)
      await scripts[name]?.stops?.()
    },
  })
  const common = { configSchema, description: '' }
  return [
    { ...common, kind: 'receiver', type: 'r', create: (_config, { id }) => lifecycle(id) },
    { ...common, kind: 'processor', type: 'p', create: (_config, { id }) => ({ ...lifecycle(id), consumeTraces }) },
    { ...common, kind: 'exporter', type: 'e', create: (_config, { id }) => ({ ...lifecycle(id), consumeTraces }) },
    { ...common, kind: 'extension', type: 'x', create: (_config, { id }) => lifecycle(id) },
  ]
}

const wholeConfig = {
  extensions: { 'x/1': {}, 'x/2': {} },
  receivers: { r: {} },
  processors: { 'p/1': {}, 'p/2': {} },
  exporters: { e: {} },
  service: {
    extensions: ['x/1', 'x/2'],
    pipelines: { traces: { receivers: ['r'], processors: ['p/1', 'p/2'], exporters: ['e'] } },
  },
}

it('starts what receives last, stops it first, and stops once', async () => {
  const log: string[] = []
  const collector = await runCollector({ config: wholeConfig, factories: recorded(log) })
  const order = ['x/1', 'x/2', 'e', 'p/2', 'p/1', 'r']
  expect(log).toEqual(order.map((id) => `start ${id}`))
  log.length = 0
  await Promise.all([collector.shutdown(), collector.shutdown()])
  await collector.shutdown()
  expect(log).toEqual(order.toReversed().map((id) => `stop ${id}`))
})

it('stops what had started when a later component fails to start, and passes its error on', async () => {
  const log: string[] = []
  const failure = new UserError('port in use')
  const started = runCollector({
    config: wholeConfig,
    factories: recorded(log, { 'p/2': { starts: () => Promise.reject(failure) } }),
  })
  await expect(started).rejects.toBe(failure)
  expect(log).toEqual(['start x/1', 'start x/2', 'start e', 'start p/2', 'stop p/2', 'stop e', 'stop x/2', 'stop x/1'])
})

it('stops within its bound when a component hangs or fails, and calls every other', async () => {
  const log: string[] = []
  const scripts = {
    r: { stops: () => new Promise<void>(() => undefined) },
    e: { stops: () => Promise.reject(new Error('disk gone')) },
  }
  const collector = await runCollector({
    config: wholeConfig,
    factories: recorded(log, scripts),
    shutdownTimeoutMs: 20,
    logger: pino({ level: 'silent' }),
  })
  await collector.shutdown()
  expect(log.filter((line) => line.startsWith('stop'))).toHaveLength(6)
})

it('gives a component the extensions that the service lists, and no others', async () => {
  const found: unknown[] = []
  const asking: ExtensionFactory = {
    kind: 'extension',
    type: 'asking',
    description: '',
    configSchema,
    create: () => ({
      start: async (host) => {
        found.push(host.extension('x/1'))
        host.extension('x/3')
      },
    }),
  }
  const config = {
    ...wholeConfig,
    extensions: { 'x/1': {}, asking: {} },
    service: { ...wholeConfig.service, extensions: ['x/1', 'asking'] },
  }
  await expect(runCollector({ config, factories: [...recorded([]), asking] })).rejects.toThrow(
    'service.extensions does not list "x/3"; did you mean "x/1"?',
  )
  expect(found).toHaveLength(1)
})
