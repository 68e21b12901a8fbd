import type { ProcessorFactory } from '@mcpcat/collector'
import { createRedactor, DETECTOR_NAMES, type DetectorName } from '@mcpcat/exporter/redaction'
import { z } from 'zod'
import { redactTraces } from './redact-traces.js'

export interface RedactionConfig {
  /** Turns detectors on or off; what is not named keeps its default. */
  detectors: Partial<Record<DetectorName, boolean>>
  /** Attributes that pass as they are, by their exact keys. */
  keep_attributes: string[]
}

/** The rules of the MCPcat exporter, for spans of emitters that do not redact themselves. */
export const redactionProcessor: ProcessorFactory<RedactionConfig> = {
  kind: 'processor',
  type: 'redaction',
  description: 'Takes secrets out of names, attributes, statuses, events and links',
  configSchema: z.strictObject({
    detectors: z.partialRecord(z.enum(DETECTOR_NAMES), z.boolean()).default({}),
    keep_attributes: z.array(z.string()).default([]),
  }),
  create({ detectors, keep_attributes }, _context, next) {
    const redactor = createRedactor({ detectors })
    const kept = new Set(keep_attributes)
    return {
      mutatesData: true,
      holdsNothing: true,
      consumeTraces(traces) {
        redactTraces(traces, redactor, kept)
        return next.consumeTraces(traces)
      },
    }
  },
}
