import { z } from 'zod'
import type { ProcessorFactory } from '../../component.js'
import { duration } from '../../config/values.js'
import { PermanentError } from '../../errors.js'
import { spanCount, type Traces } from '../../traces.js'
import { splitTraces } from './split-traces.js'

export interface BatchConfig {
  /** How long the first span of a batch waits at most, in milliseconds. */
  timeout: number
  /** Spans that make a batch go at once. */
  send_batch_size: number
  /** Spans that a batch holds at most; 0 for no limit. */
  send_batch_max_size: number
}

interface Waiting {
  readonly traces: Traces
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Joins small batches into larger ones. A sender hears of success when the batch that its spans
 * went into has been accepted, so nothing is acknowledged and then lost.
 */
export const batchProcessor: ProcessorFactory<BatchConfig> = {
  kind: 'processor',
  type: 'batch',
  description: 'Joins small batches into larger ones',
  configSchema: z
    .strictObject({
      timeout: duration('200ms'),
      send_batch_size: z.int().positive().default(8192),
      send_batch_max_size: z.int().nonnegative().default(0),
    })
    .refine((config) => config.send_batch_max_size === 0 || config.send_batch_max_size >= config.send_batch_size, {
      message: 'must be 0 or at least send_batch_size',
      path: ['send_batch_max_size'],
    }),
  create(config, { metrics }, next) {
    const bySize = metrics.counter(
      'otelcol_processor_batch_batch_size_trigger_send',
      'Batches sent because of their size',
    )
    const byTime = metrics.counter('otelcol_processor_batch_timeout_trigger_send', 'Batches sent because of their age')
    const sending = new Set<Promise<void>>()
    let waiting: Waiting[] = []
    let spans = 0
    let timer: NodeJS.Timeout | undefined

    function flush(): void {
      clearTimeout(timer)
      timer = undefined
      if (waiting.length === 0) return
      const batch = waiting
      waiting = []
      spans = 0
      const done: Promise<void> = deliver(batch).finally(() => sending.delete(done))
      sending.add(done)
    }

    async function deliver(batch: readonly Waiting[]): Promise<void> {
      try {
        const joined = { resourceSpans: batch.flatMap(({ traces }) => traces.resourceSpans) }
        const parts = config.send_batch_max_size > 0 ? splitTraces(joined, config.send_batch_max_size) : [joined]
        for (const part of parts) await next.consumeTraces(part)
        for (const { resolve } of batch) resolve()
      } catch (error) {
        // One sender's bad batch must not take those of the others with it.
        if (error instanceof PermanentError && batch.length > 1) await Promise.all(batch.map((one) => deliver([one])))
        else for (const { reject } of batch) reject(error)
      }
    }

    return {
      consumeTraces: (traces) =>
        new Promise((resolve, reject) => {
          waiting.push({ traces, resolve, reject })
          spans += spanCount(traces)
          if (spans >= config.send_batch_size || config.timeout === 0) {
            bySize.add(1)
            flush()
          } else {
            timer ??= setTimeout(() => {
              byTime.add(1)
              flush()
            }, config.timeout)
          }
        }),
      async shutdown() {
        flush()
        await Promise.all(sending)
      },
    }
  },
}
