import { z } from 'zod'

/**
 * Marks spans that took longer than a limit.
 *
 * @type {import('@mcpcat/collector').ProcessorFactory<{ limit_ms: number, attribute: string }>}
 */
export const slowCallsProcessor = {
  kind: 'processor',
  type: 'slow_calls',
  description: 'Marks spans that took longer than a limit',
  configSchema: z.strictObject({
    limit_ms: z.number().positive().default(1000),
    attribute: z.string().default('slow'),
  }),
  create({ limit_ms, attribute }, { logger }, next) {
    const limitNanos = BigInt(limit_ms) * 1_000_000n
    return {
      mutatesData: true,
      async consumeTraces(traces) {
        for (const { scopeSpans } of traces.resourceSpans) {
          for (const { spans } of scopeSpans) {
            for (const span of spans) {
              if (span.endTimeUnixNano - span.startTimeUnixNano <= limitNanos) continue
              span.attributes.push({ key: attribute, value: { boolValue: true } })
              logger.debug({ span: span.name }, 'slow')
            }
          }
        }
        await next.consumeTraces(traces)
      },
    }
  },
}
