import assert from 'node:assert/strict'
import type { Signal } from '../batch.js'
import type { ExporterFactory } from '../component.js'
import { cloneTraces } from '../clone-traces.js'
import { spanCount } from '../traces.js'
import { testContext, testHost } from './context.js'
import {
  configCases,
  lifecycleCases,
  parse,
  payloadSignals,
  type ContractCase,
  type ContractOptions,
} from './contract.js'
import { samplePayload } from './sample-payload.js'
import { sampleTraces } from './sample-traces.js'

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
        if (!exporter.mutatesData && !exporter.takesSpans) assert.deepEqual(batches, copies)
        if (arrived)
          assert.equal(
            (await arrived('traces')) - before,
            copies.reduce((sum, batch) => sum + spanCount(batch), 0),
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
