import { z } from 'zod'
import { ITEMS, itemCount, signalOf, SIGNALS, type Batch } from '../../batch.js'
import type { ExporterFactory } from '../../component.js'
import { batchToJson } from '../../otlp/batch-codec.js'

export interface DebugExporterConfig {
  /** `basic`: one line per batch. `detailed`: what is in it as well. */
  verbosity: 'basic' | 'detailed'
}

/** Writes to the collector's log what comes through. */
export const debugExporter: ExporterFactory<DebugExporterConfig> = {
  kind: 'exporter',
  type: 'debug',
  signals: SIGNALS,
  description: 'Logs what comes through the pipeline',
  configSchema: z.strictObject({ verbosity: z.enum(['basic', 'detailed']).default('basic') }),
  create({ verbosity }, { logger }) {
    async function log(batch: Batch): Promise<void> {
      const signal = signalOf(batch)
      const counts = { [ITEMS[signal]]: itemCount(batch) }
      logger.info(verbosity === 'detailed' ? { ...counts, ...(await batchToJson(batch)) } : counts, signal)
    }
    return { consumeTraces: log, consumePayload: log }
  },
}
