import { totalmem } from 'node:os'
import { z } from 'zod'
import { ITEMS, itemCount, SIGNALS, signalOf } from '../../batch.js'
import type { ProcessorFactory } from '../../component.js'
import { duration } from '../../config/values.js'
import { around } from '../../consumer.js'
import { RetryableError } from '../../errors.js'
import { words } from '../../telemetry/observed.js'
import { collectGarbage } from './collect-garbage.js'

export interface MemoryLimiterConfig {
  /** How often memory is looked at, in milliseconds. */
  check_interval: number
  /** Hard limit; 0 takes `limit_percentage`. */
  limit_mib: number
  /** How far below the hard limit batches are refused; 0 takes a fifth of the limit. */
  spike_limit_mib: number
  limit_percentage: number
  spike_limit_percentage: number
}

const MIB = 1024 * 1024

/** Refuses batches, for now, while the process uses too much memory. It belongs first in a pipeline. */
export const memoryLimiterProcessor: ProcessorFactory<MemoryLimiterConfig> = {
  kind: 'processor',
  type: 'memory_limiter',
  signals: SIGNALS,
  description: 'Refuses batches, for now, before memory runs out',
  configSchema: z
    .strictObject({
      check_interval: duration('1s'),
      limit_mib: z.number().nonnegative().default(0),
      spike_limit_mib: z.number().nonnegative().default(0),
      limit_percentage: z.number().min(0).max(100).default(0),
      spike_limit_percentage: z.number().min(0).max(100).default(0),
    })
    .refine((config) => config.limit_mib > 0 || config.limit_percentage > 0, {
      message: 'expected a limit: limit_mib or limit_percentage',
      path: ['limit_mib'],
    })
    .refine((config) => config.spike_limit_mib < config.limit_mib || config.limit_mib === 0, {
      message: 'expected less than limit_mib',
      path: ['spike_limit_mib'],
    }),
  create(config, { logger, metrics, reportProblem }, next) {
    const limit = config.limit_mib > 0 ? config.limit_mib * MIB : (totalMemory() * config.limit_percentage) / 100
    const spike = config.spike_limit_mib * MIB || (totalMemory() * config.spike_limit_percentage) / 100 || limit / 5
    const soft = limit - spike
    const refused = (items: string) =>
      metrics.counter(`otelcol_processor_refused_${items}`, `${words(items)} refused for want of memory`)
    let timer: NodeJS.Timeout | undefined
    let over = false

    function check(): void {
      let used = usedMemory()
      // Much of it may be garbage that nothing has asked for yet.
      if (used > soft) {
        collectGarbage()
        used = usedMemory()
      }
      if (used > soft === over) return
      over = used > soft
      const figures = { usedMib: Math.round(used / MIB), limitMib: Math.round(limit / MIB) }
      if (over) logger.warn(figures, 'memory is short; refusing batches')
      else logger.info(figures, 'memory is back to normal')
      reportProblem(over ? 'memory is short' : undefined)
    }

    return {
      async start() {
        check()
        timer = setInterval(check, config.check_interval).unref()
      },
      async shutdown() {
        clearInterval(timer)
      },
      ...around(next, async (batch, handOn) => {
        if (over) {
          refused(ITEMS[signalOf(batch)]).add(itemCount(batch))
          throw new RetryableError('memory is short', { retryAfterMs: config.check_interval })
        }
        await handOn()
      }),
    }
  },
}

function usedMemory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** What the container gives, where there is one. */
function totalMemory(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem()
}
