import { z } from 'zod'
import type { ExporterFactory } from '../../component.js'
import { tracesToJson } from '../../otlp/json-traces.js'
import { spanCount } from '../../traces.js'

export interface DebugExporterConfig {
  /** `basic`: one line per batch. `detailed`: every span as well. */
  verbosity: 'basic' | 'detailed'
}

/** Writes to the collector's log what comes through. */
export const debugExporter: ExporterFactory<DebugExporterConfig> = {
  kind: 'exporter',
  type: 'debug',
  description: 'Logs what comes through the pipeline',
  configSchema: z.strictObject({ verbosity: z.enum(['basic', 'detailed']).default('basic') }),
  create({ verbosity }, { logger }) {
    return {
      async consumeTraces(traces) {
        const counts = { resourceSpans: traces.resourceSpans.length, spans: spanCount(traces) }
        logger.info(verbosity === 'detailed' ? { ...counts, ...tracesToJson(traces) } : counts, 'traces')
      },
    }
  },
}
